// Follows an import: says each stage, and shows the report when it is there. Without this script the
// page asks again by itself every few seconds.
(() => {
  const box = document.querySelector("[data-import]");
  const words = box.querySelector("[data-words]");
  const stages = [...box.querySelectorAll("[data-stage]")];

  const show = (state) => {
    const now = stages.findIndex((stage) => stage.dataset.stage === state.stage);
    stages.forEach((stage, at) => {
      stage.querySelector("strong").textContent = at < now ? "done" : at === now ? "now" : "to come";
    });
    const text = state.lines ? `${state.words}, ${state.lines} lines` : state.words;
    if (words.textContent.trim() !== text) words.textContent = text;
  };

  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const state = await answer.json();
        if (state.finished) {
          window.location.reload();
          return;
        }
        show(state);
      }
    } catch {
      // The network may come back.
    }
    window.setTimeout(ask, 1000);
  };
  window.setTimeout(ask, 500);
})();
