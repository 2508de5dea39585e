// Light, dark, or as the system has it. The choice is kept where the browser allows that.

const order = ["auto", "light", "dark"];
const key = "sharpnbd-view-theme";

function load() {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(theme) {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // It then holds for this page only.
  }
}

export function startTheme(button) {
  let theme = order.includes(load()) ? load() : "auto";
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = theme[0].toUpperCase() + theme.slice(1);
    button.setAttribute("aria-label", `Theme: ${button.textContent}`);
  };
  button.addEventListener("click", () => {
    theme = order[(order.indexOf(theme) + 1) % order.length];
    store(theme);
    apply();
  });
  apply();
}
