// What a script adds to pages that work without it: fields that open in place, one sending per form, a quick way out.

const tag = document.querySelector("script[data-govuk]");

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  import(tag.dataset.govuk).then(({ createAll, Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink }) => {
    for (const part of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, SkipLink]) {
      createAll(part);
    }
  });
}

// A form is sent once: a second press while the first is on its way does nothing. Coming back to the page allows it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Leaving replaces this page in the browser's history; three presses of Shift do the same as the link.
const leave = document.querySelector(".al-leave");
if (leave) {
  const go = (event) => {
    event?.preventDefault();
    document.title = " ";
    document.body.hidden = true;
    window.location.replace(leave.href);
  };
  leave.addEventListener("click", go);
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") presses = [];
    else if (!event.repeat) {
      presses = [...presses, event.timeStamp].filter((then) => event.timeStamp - then < 2000);
      if (presses.length === 3) go();
    }
  });
}
