// What the colours mean.

const entries = [
  [0, "untouched"], [5, "read", "flash"], [1, "written"], [6, "being written"], [2, "zeroed"], [3, "trimmed"], [4, "failed"],
];

export function fillLegend(section, hello) {
  section.querySelector("ul").replaceChildren(...entries.map(([look, name, kind]) => {
    const item = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.style.background = kind === "flash" ? `linear-gradient(90deg, ${hello.palette[look]}, ${hello.palette[0]})` : hello.palette[look];
    item.append(swatch, name);
    return item;
  }));
}

export function legendOf(palette) {
  return entries.map(([look, name]) => [palette[look], name]);
}
