/** Theme: the system's, light or dark, kept where the browser lets a file keep anything. */
export const themeScript = String.raw`
const themes = ['system', 'light', 'dark'];
const themeButton = byId('theme');

/** @param {string} theme */
function showTheme(theme) {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
  const label = themeButton.querySelector('span');
  if (label) label.textContent = 'Theme: ' + theme;
}

/** @returns {string} */
function storedTheme() {
  try {
    const stored = localStorage.getItem('nightshift-theme');
    return stored && themes.includes(stored) ? stored : 'system';
  } catch {
    return 'system'; // storage may be denied to a file: the choice then lasts as long as the page
  }
}

let theme = storedTheme();
showTheme(theme);
themeButton.addEventListener('click', () => {
  theme = themes[(themes.indexOf(theme) + 1) % themes.length] || 'system';
  showTheme(theme);
  try {
    localStorage.setItem('nightshift-theme', theme);
  } catch {
    // as above
  }
});
`;
