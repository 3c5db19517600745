/* global document, window */
const show = (snapshot) => {
  document.getElementById("step").textContent = snapshot.step;
};

window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
window.silver.onSnapshot(show);
show(await window.silver.request("session/get", {}));
