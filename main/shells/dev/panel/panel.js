// The developers' panel: a form for each control of the dry run (app/rpc/dryrun.ts).
/* global document, FormData, window */
const { request } = window.silver;
const machines = document.querySelector("select");
const speed = document.querySelector("[name=speed]");

async function show() {
  const state = await request("dryrun/get", {});
  const { phase, step } = await request("session/get", {});
  machines.replaceChildren(
    ...state.machines.map(({ id, title }) => {
      const option = document.createElement("option");
      option.value = id;
      option.textContent = title;
      option.selected = id === state.machine;
      return option;
    }),
  );
  speed.value = String(state.speed);
  const { faults, files, power } = state;
  document.getElementById("state").textContent = JSON.stringify({ phase, step, faults, files, power }, null, 2);
}

function onSubmit(id, method, paramsOf) {
  document.getElementById(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const message = document.getElementById("message");
    const values = Object.fromEntries(new FormData(event.target));
    Promise.resolve(values)
      .then((given) => request(method, paramsOf(given)))
      .then(show)
      .then(
        () => (message.textContent = "Done."),
        (error) => (message.textContent = error.message),
      );
  });
}

onSubmit("machine", "dryrun/machine", ({ machine }) => ({ machine }));
onSubmit("speed", "dryrun/speed", (values) => ({ speed: Number(values.speed) }));
onSubmit("fault", "dryrun/fault", ({ fault }) => JSON.parse(fault));
await show();
