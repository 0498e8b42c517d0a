export const byIdScript = String.raw`
/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error('the page has no #' + id);
  return found;
}
`;
