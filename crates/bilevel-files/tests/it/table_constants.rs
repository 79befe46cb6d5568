//! Typed problems over the rows of tables: numbers and parts, errors with their positions, saving and sharing, and a
//! bilevel regression against its closed form.

use std::fs;

use approx::assert_relative_eq;
use bilevel::data::DataTable;
use bilevel::numerics::{Levels, Point, WorkToken};
use bilevel::run::Run;
use bilevel_files::{Experiment, ShareError};
use nalgebra::{DMatrix, DVector};
use rstest::rstest;

const HOUSES: &str = "\
rooms,age,price,street
1,10,100,a
2,20,220,b
3,,310,c
4,40,380,d
5,50,520,e
6,60,,f
";

const TYPED: &str = "\
[problem]
id = \"formula\"
missing = \"drop\"
[[problem.level]]
variables = [\"x\"]
objective = \"sum(i, 1, rows(b), b[i]) + rows(A)*x + cols(A)\"
[[problem.level]]
variables = [\"w[2]\"]
objective = \"sum(i, 1, rows(A), (dot(A[i], w) - b[i])^2)/rows(A) + A[4, 2]*x\"
[problem.constants]
A = { table = \"houses.csv\", columns = [\"rooms\", 2] }
b = { table = \"houses.csv\", column = \"price\" }
[[method]]
id = \"bome\"
";

/// A folder with the table of houses.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("houses.csv"), HOUSES).expect("written");
    folder
}

/// The name of an experiment's file in a folder.
fn file_in(folder: &tempfile::TempDir) -> String {
    let path = folder.path().join("own.toml");
    path.to_string_lossy().into_owned()
}

#[rstest]
fn formulas_name_the_rows_of_a_table() {
    let folder = folder();
    let experiment = Experiment::read(&file_in(&folder), TYPED).expect("it is right");
    let problem = experiment.problem.build();
    // the rows without an age or a price are left out
    let (a, b) = (
        [[1.0, 10.0], [2.0, 20.0], [4.0, 40.0], [5.0, 50.0]],
        [100.0, 220.0, 380.0, 520.0],
    );
    let (x, w) = (0.5, [3.0, 8.0]);
    let at = Point::from_blocks(&[vec![x], w.to_vec()]);
    let token = WorkToken::default();
    let sum: f64 = b.iter().sum();
    assert_eq!(problem.value(1, &at, &token), sum + 4.0 * x + 2.0);
    let residual = |i: usize| a[i][0] * w[0] + a[i][1] * w[1] - b[i];
    let mean = (0..4).map(|i| residual(i).powi(2)).sum::<f64>() / 4.0;
    assert_relative_eq!(problem.value(2, &at, &token), mean + 50.0 * x);
    let mut gradient = Point::zeros(at.shape());
    problem.grad(2, &at, Levels::ALL, &mut gradient, &token);
    for column in 0..2 {
        let slope = (0..4).map(|i| residual(i) * a[i][column]).sum::<f64>() / 2.0;
        assert_relative_eq!(gradient[2][column], slope, max_relative = 1e-12);
    }
    assert_eq!(gradient[1], [50.0]);
    let summary = problem.data_summary().expect("it has data");
    let expected = "houses.csv: 4 rows, 3 columns, 2 rows with missing cells left out, not standardized; \
                    `A` 4 × 2 (all), `b` 4 (all)";
    assert_eq!(summary, expected);
}

#[rstest]
fn parts_of_the_rows_follow_the_keys_of_data_sets() {
    let folder = folder();
    let rows = (0..10).map(|row| format!("{row}.5,{}", 2 * row));
    let rows: Vec<String> = rows.collect();
    let table = format!("u,v\n{}\n", rows.join("\n"));
    fs::write(folder.path().join("t.csv"), table).expect("written");
    let sums = |keys: &str| {
        let text = format!(
            "[problem]\nid = \"formula\"\n{keys}\n\
             [[problem.level]]\nvariables = [\"x\"]\nobjective = \"sum(i, 1, rows(a), a[i]) + 1000*rows(a) + 0*x\"\n\
             [[problem.level]]\nvariables = [\"y\"]\nobjective = \"sum(i, 1, rows(c), c[i]) + 1000*rows(c) + y^2\"\n\
             [problem.constants]\n\
             a = {{ table = \"t.csv\", column = 2, rows = \"train\" }}\n\
             c = {{ table = \"t.csv\", column = \"v\", rows = \"test\" }}\n\
             [[method]]\nid = \"bome\"\n"
        );
        let read = Experiment::read(&file_in(&folder), &text);
        let problem = read.map_err(|error| error.to_string())?.problem.build();
        let at = Point::from_blocks(&[vec![0.0], vec![0.0]]);
        let token = WorkToken::default();
        Ok([1, 2].map(|level| problem.value(level, &at, &token)))
    };
    // by default six rows train and two are the rest after two for validation
    let by_default: Result<[f64; 2], String> = sums("");
    assert_eq!(by_default, Ok([6000.0 + 30.0, 2000.0 + 34.0]));
    assert_eq!(
        sums("train = 0.5\nvalidation = 1"),
        Ok([5000.0 + 20.0, 4000.0 + 60.0])
    );
    assert_eq!(
        sums("train = 2\nvalidation = 3\ntest = 1"),
        Ok([2000.0 + 2.0, 1000.0 + 10.0])
    );
    let [train, test] = sums("split_seed = 7").expect("it is right");
    assert_eq!(
        [(train / 1000.0).floor(), (test / 1000.0).floor()],
        [6.0, 2.0]
    );
    assert_ne!([train, test], [6030.0, 2034.0]);
    let error = sums("train = 8\nvalidation = 3").expect_err("there are ten");
    assert!(
        error.contains(":3:9: ")
            && error.contains("the parts take 11 rows together, and the table has 10"),
        "{error}"
    );
    let error = sums("train = 0.5\nvalidation = 0.5").expect_err("none is left for the test");
    assert!(
        error.contains("no row is left for `rows = \"test\"`"),
        "{error}"
    );
}

#[rstest]
fn columns_are_standardized_and_filled_over_the_training_rows() {
    let folder = folder();
    let table = "u,v\n1,1\n3,2\n,3\n9,4\n11,5\n";
    fs::write(folder.path().join("t.csv"), table).expect("written");
    let text = "\
[problem]
id = \"formula\"
missing = \"mean\"
standardize = \"on\"
train = 2
validation = 1
[[problem.level]]
variables = [\"x\"]
objective = \"sum(i, 1, rows(A), 10^i*A[i, 1]) + 0*x\"
[[problem.level]]
variables = [\"y\"]
objective = \"sum(i, 1, rows(b), 10^i*b[i]) + y^2\"
[problem.constants]
A = { table = \"t.csv\" }
b = { table = \"t.csv\", column = \"v\" }
c = { table = \"t.csv\", column = \"v\", rows = \"train\" }
[[method]]
id = \"bome\"
";
    let experiment = Experiment::read(&file_in(&folder), text).expect("it is right");
    let problem = experiment.problem.build();
    let at = Point::from_blocks(&[vec![0.0], vec![0.0]]);
    let token = WorkToken::default();
    // u has mean 2 and deviation 1 over the first two rows, v has 3/2 and 1/2
    let of = |values: [f64; 5]| -> f64 {
        let powers = values.iter().zip(1..);
        powers
            .map(|(value, power)| 10_f64.powi(power) * value)
            .sum()
    };
    assert_relative_eq!(
        problem.value(1, &at, &token),
        of([-1.0, 1.0, 0.0, 7.0, 9.0])
    );
    assert_relative_eq!(
        problem.value(2, &at, &token),
        of([-1.0, 1.0, 3.0, 5.0, 7.0])
    );
}

#[rstest]
fn an_error_in_a_table_or_its_columns_is_said_where_it_stands() {
    let folder = folder();
    for (from, to, expected) in [
        (
            "missing = \"drop\"",
            "missing = \"error\"",
            "own.toml:3:11: houses.csv, line 4: column \"age\" has no number here",
        ),
        (
            "missing = \"drop\"",
            "missing = \"none\"",
            "own.toml:3:11: `missing` must be \"error\" or \"drop\" or \"mean\"",
        ),
        (
            "\"rooms\", 2",
            "\"room\", 2",
            "own.toml:11:40: houses.csv: there is no column \"room\"; there are \"rooms\", \"age\", \"price\", \"street\"",
        ),
        (
            "\"rooms\", 2",
            "\"rooms\", 1",
            "own.toml:11:49: column \"rooms\" is named twice",
        ),
        (
            "\"rooms\", 2",
            "\"rooms\", true",
            "own.toml:11:49: `columns` must be the name of a column, in quotes, or its number from 1",
        ),
        (
            "column = \"price\"",
            "column = \"street\"",
            "own.toml:12:38: houses.csv, line 2: \"a\" in column \"street\" is not a finite number",
        ),
        (
            "column = \"price\"",
            "column = \"price\", columns = [1]",
            "own.toml:12:47: `column` and `columns` are alternatives",
        ),
        (
            "column = \"price\"",
            "column = \"price\", row = \"all\"",
            "unknown key `row` in { table, columns } (did you mean `rows`?)",
        ),
        (
            "column = \"price\"",
            "column = \"price\", rows = \"training\"",
            "`rows` must be \"all\" or \"train\" or \"validation\" or \"test\"",
        ),
        (
            "A = { table = \"houses.csv\", ",
            "A = { ",
            "own.toml:11:5: `A` has no `table`",
        ),
        (
            "A = { table = \"houses.csv\"",
            "A = { table = \"flats.csv\"",
            "own.toml:11:15: ",
        ),
        (
            "objective = \"sum(i, 1, rows(b)",
            "objective = \"sum(i, 1, rows(x)",
            "rows(A) takes the name of a matrix or a vector, at character 16 of `objective`",
        ),
        ("A[4, 2]", "A[5, 2]", "expected an index from 1 to 4"),
        (
            "sum(i, 1, rows(b), b[i])",
            "sum(i, 1, 900000, b[1])",
            "a sum of 900000 terms is too long",
        ),
    ] {
        let text = TYPED.replace(from, to);
        assert_ne!(text, TYPED, "{from}");
        let error = Experiment::read(&file_in(&folder), &text).expect_err(to);
        let error = error.to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
    let without = TYPED
        .replace(
            "{ table = \"houses.csv\", columns = [\"rooms\", 2] }",
            "[[1, 2]]",
        )
        .replace("{ table = \"houses.csv\", column = \"price\" }", "[1]")
        .replace("A[4, 2]", "A[1, 2]");
    let error = Experiment::read("own.toml", &without).expect_err("no table is prepared");
    let expected = "own.toml:3:1: `missing` prepares tables, and no constant has a `table`";
    assert!(error.to_string().contains(expected), "{error}");
}

#[rstest]
fn a_file_with_tables_is_written_back_the_same_and_leads_to_them_from_anywhere() {
    let folder = folder();
    let text = TYPED.replace(
        "missing = \"drop\"",
        "missing = \"drop\" # no guesses\nstandardize = \"on\"\ntrain = 0.5\ntest = 1\nsplit_seed = 3",
    );
    let text = text.replace("column = \"price\"", "column = \"price\", rows = \"train\"");
    let text = text.replace(
        "(dot(A[i], w) - b[i])^2)/rows(A) + A[4, 2]*x",
        "dot(A[i], w)^2)",
    );
    let file = file_in(&folder);
    let experiment = Experiment::read(&file, &text).expect("it is right");
    let written = experiment.write();
    assert_eq!(
        Experiment::read(&file, &written).expect("it is right"),
        experiment
    );
    assert!(
        written.contains("A = { table = \"houses.csv\", columns = [\"rooms\", 2] }"),
        "{written}"
    );
    // saved beside the table, the path stays; saved elsewhere, it is whole
    let mut titled = experiment.clone();
    titled.title = "Houses".to_owned();
    let over = titled.write_over(&file, &text);
    assert!(
        over.contains("# no guesses") && over.contains("\"houses.csv\""),
        "{over}"
    );
    let elsewhere = tempfile::tempdir().expect("a folder");
    let other = file_in(&elsewhere);
    for written in [
        experiment.write_over(&other, ""),
        experiment.write_anywhere(),
    ] {
        let moved = Experiment::read(&other, &written).expect("the table is found");
        let model = moved.problem.settings.model().expect("it is typed");
        let [(_, a), (_, b)] = &model.draft().tables[..] else {
            panic!("two constants have a table: {written}");
        };
        assert!(a.table.name().ends_with("houses.csv") && a.table == b.table);
        assert!(std::path::Path::new(a.table.name()).is_absolute());
    }
    let refused = experiment.to_line().expect_err("the table is in a file");
    assert!(matches!(refused, ShareError::NeedsData(ref name) if name == "houses.csv"));
}

const RIDGE: &str = include_str!("../../../../docs/ridge-regression.toml");

#[rstest]
fn the_regression_of_the_documents_ends_at_the_minimum_of_its_closed_form() {
    let experiment = Experiment::read("ridge-regression.toml", RIDGE).expect("it is right");
    let shared = experiment.to_line().expect("its table ships");
    assert_eq!(
        Experiment::from_line(&shared).expect("it is whole"),
        experiment
    );

    // the rows by the table itself: standardized over all, in its own order
    let table = DataTable::shipped("diabetes").expect("it ships");
    let order = table.order();
    let rows = table.rows() as f64;
    let columns: Vec<Vec<f64>> = table
        .columns
        .iter()
        .map(|column| {
            let mean = column.numbers.iter().sum::<f64>() / rows;
            let square: f64 = column.numbers.iter().map(|it| (it - mean).powi(2)).sum();
            let deviation = (square / rows).sqrt();
            column
                .numbers
                .iter()
                .map(|it| (it - mean) / deviation)
                .collect()
        })
        .collect();
    let part = |rows: &[usize]| {
        let x = DMatrix::from_fn(rows.len(), 10, |row, column| columns[column][rows[row]]);
        let y = DVector::from_fn(rows.len(), |row, _| columns[10][rows[row]]);
        (x, y)
    };
    let (a, b) = part(&order[..44]);
    let (v, t) = part(&order[44..44 + 177]);
    let answer = |lambda: f64| {
        let count = a.nrows() as f64;
        let normal = a.transpose() * &a / count + DMatrix::identity(10, 10) * lambda.exp();
        let right = a.transpose() * &b / count;
        normal
            .cholesky()
            .expect("it is positive definite")
            .solve(&right)
    };
    let phi = |lambda: f64| (&v * answer(lambda) - &t).norm_squared() / v.nrows() as f64;

    let problem = experiment.problem.build();
    let token = WorkToken::default();
    for lambda in [-6.0, -2.0, 1.0] {
        let at = Point::from_blocks(&[vec![lambda], answer(lambda).as_slice().to_vec()]);
        assert_relative_eq!(
            problem.value(1, &at, &token),
            phi(lambda),
            max_relative = 1e-12
        );
        let mut gradient = Point::zeros(at.shape());
        problem.grad(2, &at, Levels::only(2), &mut gradient, &token);
        assert!(
            gradient[2].iter().all(|slope| slope.abs() < 1e-12),
            "{gradient:?}"
        );
    }
    let (mut low, mut high) = (-8.0, 3.0);
    while high - low > 1e-8 {
        let [left, right] = [0.4, 0.6].map(|share| low + share * (high - low));
        if phi(left) < phi(right) {
            high = right;
        } else {
            low = left;
        }
    }
    assert!((-7.0..2.0).contains(&low), "the minimum is inside: {low}");
    let runs = experiment.runs(&problem).expect("the methods suit");
    assert_eq!(runs.len(), 2);
    for (_, spec) in runs {
        let (run, _) = Run::to_end(spec);
        assert_relative_eq!(run.point()[1][0], low, epsilon = 1e-3);
    }
}
