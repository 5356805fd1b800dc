// While an import is being applied, look again every two seconds and draw how far it is; without this, "Look again" does.
const look = async () => {
  const answer = await fetch(window.location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.getElementById("progress");
  if (!told || told.dataset.busy !== "yes") {
    window.location.reload();
    return;
  }
  document.querySelector("#progress [role=status]").replaceWith(told.querySelector("[role=status]"));
  window.setTimeout(look, 2000);
};
window.setTimeout(look, 2000);
