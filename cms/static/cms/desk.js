// Wagtail sends the form of a decision (approve, request changes) in a way that tells nobody who listens: a browser then
// asks whether to leave the page without saving, and whoever stays has decided nothing. Sent like this they are told.
for (const form of document.querySelectorAll("form[data-edit-form]")) {
  form.submit = () => form.requestSubmit();
}
