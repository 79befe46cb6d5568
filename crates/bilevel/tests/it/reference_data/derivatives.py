"""Writes derivatives.json beside it: derivatives of formulas of one variable from 60 digits of mpmath."""

import json
import pathlib

from mpmath import mp, mpf, taylor, factorial
import mpmath as m

mp.dps = 60
ORDERS = 6
CASES = [
    ("log(cosh(x))", lambda x: m.log(m.cosh(x)), [400, 800, -35, 20, 3, 0.3, 1e-9]),
    ("sin(x)/x", lambda x: m.sin(x) / x, [1e-200, 1e-9, -1e-3, 0.7, 2.99, 3.01, 10, -37]),
    ("3*sinh(x)/x", lambda x: 3 * m.sinh(x) / x, [1e-200, 1e-9, -0.4, 2.99, 3.01, 12]),
    ("(exp(x) - 1)/x", lambda x: (m.exp(x) - 1) / x, [1e-200, -1e-9, 0.4, -2.99, 3.01, -30, 12]),
    ("(1 - cos(x))/x^2", lambda x: (1 - m.cos(x)) / x**2, [1e-200, 1e-8, 0.1, 2.99, -3.01, 12.5]),
    ("(cos(x) - 1)/x^2", lambda x: (m.cos(x) - 1) / x**2, [1e-200, 1e-8, 0.1]),
    ("(cosh(x) - 1)/x^2", lambda x: (m.cosh(x) - 1) / x**2, [1e-200, 1e-8, -0.1, 2.99, 3.01, 12]),
    ("softplus(x)", lambda x: m.log(1 + m.exp(x)), [-17, -18.5, -40, -400, -1, 0.5, 3, 40, 300]),
    ("log(1 + exp(x))", lambda x: m.log(1 + m.exp(x)), [-17, -40, 3, 800]),
    ("sigmoid(x)", lambda x: 1 / (1 + m.exp(-x)), [-400, -20, -1, 0.5, 3, 40]),
    ("tanh(x)", m.tanh, [400, 20, 5, 0.1, -1e-9]),
    ("log(x)", m.log, [1e-40, 0.3, 2, 1e45]),
    ("log(1e200*x)", lambda x: m.log(mpf("1e200") * x), [1e-3, 2.5, 1e100]),
    ("log(1e-200*x)", lambda x: m.log(mpf(1e-200) * x), [1e-3, 2.5]),
    ("log(exp(3*x) + exp(x))", lambda x: m.log(m.exp(3 * x) + m.exp(x)), [1, -0.5]),
    ("asinh(x)", m.asinh, [1e-5, 0.3, 20, 1e6, -1e12, 1e50]),
    ("acosh(x)", m.acosh, [1 + 1e-10, 1.5, 20, 1e12, 1e50]),
    ("atanh(x)", m.atanh, [1 - 1e-9, -1 + 1e-9, 0.3, -1e-5]),
    ("asin(x)", m.asin, [1 - 1e-9, -1 + 1e-9, 0.3]),
    ("acos(x)", m.acos, [1 - 1e-9, -0.3]),
    ("atan(x)", m.atan, [1e6, -0.3, 40]),
    ("tan(x)", m.tan, [0.3, -1.2]),
    ("sqrt(x)", m.sqrt, [1e-30, 2, 1e100]),
    ("x^1.5", lambda x: x ** mpf(1.5), [1e-30, 2, 1e45]),
    ("x^0.7", lambda x: x ** mpf(0.7), [1e-45, 2, 1e45]),
    ("x^(-3)", lambda x: x ** -3, [1e-30, 2, -1e20]),
    ("exp(x)/(1e100*exp(2*x))", lambda x: m.exp(-x) / mpf("1e100"), [1, -2]),
    ("x/(1 + exp(-x))", lambda x: x / (1 + m.exp(-x)), [-30, 0.5, 30]),
    ("abs(x)^2.5", lambda x: (-x) ** mpf(2.5) if x < 0 else x ** mpf(2.5), [-2, 1e-5]),
]

table = []
for formula, function, places in CASES:
    for place in places:
        x = mpf(place)
        mp.dps = 500 if abs(place) > 100 or abs(place) < 1e-6 else 90
        small = abs(x) * mpf(10) ** -40 if place else mpf(10) ** -40
        # the coefficients of a polynomial through points that are near even for x
        coefficients = taylor(function, x, ORDERS, h=small, singular=False, chop=False)
        row = [coefficient * factorial(order) for order, coefficient in enumerate(coefficients)]
        mp.dps = 60
        table.append({"formula": formula, "x": place, "derivatives": [m.nstr(one, 20) for one in row]})
out = pathlib.Path(__file__).with_name("derivatives.json")
out.write_text("[\n" + ",\n".join(json.dumps(row) for row in table) + "\n]\n")
