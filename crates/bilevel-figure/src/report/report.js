"use strict";
(() => {
  const id = (name) => document.getElementById(name);
  const place = id("place"), play = id("play"), at = id("at"), bar = id("scrub");
  const iterations = bar.dataset.at.split(" "), groups = [...document.querySelectorAll("g.k")];
  let timer = 0;
  const show = () => {
    const now = +place.value;
    for (const group of groups) group.classList.toggle("on", +group.dataset.a <= now && now <= +group.dataset.b);
    at.textContent = "k = " + iterations[now];
  };
  const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; play.setAttribute("aria-pressed", "false"); };
  const step = () => { if (place.value === place.max) stop(); else { place.value = +place.value + 1; show(); } };
  place.addEventListener("input", () => { stop(); show(); });
  play.addEventListener("click", () => {
    if (timer) return stop();
    if (place.value === place.max) place.value = 0;
    show();
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(step, 250);
  });
  bar.hidden = iterations.length < 2;
  show();
})();
