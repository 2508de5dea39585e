// Tells about the block under the mouse, or under the cursor that the arrow keys move.
import * as format from "./format.js";

const tip = document.getElementById("tip");
const spoken = document.getElementById("spoken");
const lookNames = ["untouched", "written", "zeroed", "trimmed", "failed", "being read", "being written", "being zeroed", "being trimmed"];

export class BlockPointer {
  constructor(place, picture, hello, name) {
    this.picture = picture;
    this.hello = hello;
    this.name = name;
    this.canvas = picture.canvas;
    this.cursor = place.querySelector(".cursor");
    this.index = -1;
    this.canvas.addEventListener("pointermove", event => this.point(event));
    this.canvas.addEventListener("pointerdown", event => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.leave());
    this.canvas.addEventListener("blur", () => this.leave());
    this.canvas.addEventListener("keydown", event => this.move(event));
  }

  point(event) {
    const { layout } = this.picture;
    if (!layout) {
      return;
    }
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * layout.width);
    const row = Math.floor((event.clientY - box.top) / box.height * layout.height);
    if (column >= 0 && column < layout.width && row >= 0) {
      this.show(row * layout.width + column);
    }
  }

  move(event) {
    const { layout } = this.picture;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -layout?.width, ArrowDown: layout?.width };
    if (event.key === "Escape") {
      this.leave();
    } else if (layout && event.key in steps) {
      event.preventDefault();
      event.stopPropagation();
      const next = this.index < 0 ? 0 : this.index + steps[event.key];
      if (next >= 0 && next < layout.cells) {
        this.show(next);
        spoken.textContent = `${this.name}: ${this.lines().join(", ")}`;
      }
    }
  }

  show(index) {
    const { layout } = this.picture;
    if (index >= layout.cells) {
      this.leave();
      return;
    }
    this.index = index;
    const box = this.canvas.getBoundingClientRect();
    const [width, height] = [box.width / layout.width, box.height / layout.height];
    const [left, top] = [(index % layout.width) * width, Math.floor(index / layout.width) * height];
    this.cursor.hidden = false;
    Object.assign(this.cursor.style, {
      left: `${this.canvas.offsetLeft + left}px`, top: `${this.canvas.offsetTop + top}px`, width: `${width}px`, height: `${height}px`,
    });
    tip.hidden = false;
    this.refresh();
    const x = box.left + left + width + 14;
    const y = box.top + top + height + 14;
    const isRight = x + tip.offsetWidth > innerWidth - 8;
    tip.style.left = `${isRight ? Math.max(8, box.left + left - tip.offsetWidth - 14) : x}px`;
    tip.style.top = `${Math.max(8, Math.min(y, innerHeight - tip.offsetHeight - 8))}px`;
  }

  leave() {
    if (this.index >= 0) {
      this.index = -1;
      this.cursor.hidden = true;
      tip.hidden = true;
    }
  }

  refresh() {
    if (this.index < 0) {
      return;
    }
    if (!this.picture.layout || this.index >= this.picture.layout.cells) {
      this.leave();
      return;
    }
    const [first, ...rest] = this.lines();
    const strong = document.createElement("strong");
    strong.textContent = first;
    tip.replaceChildren(strong, ...rest.map(line => {
      const span = document.createElement("span");
      span.textContent = line;
      return span;
    }));
  }

  lines() {
    const { picture, index } = this;
    const offset = index * picture.layout.blockSize;
    const place = `${format.hex(offset)} (${format.bytes(offset)})`;
    if (picture.requests[index] === 0) {
      return [place, "untouched"];
    }
    const count = picture.requests[index];
    const error = picture.error[index];
    return [
      place,
      lookNames[picture.look[index]] + (error > 0 ? `: ${this.hello.errors[error]}` : ""),
      `last a ${this.hello.operations[picture.last[index]]} at ${format.timeOfDay(picture.time[index])}`,
      count === 1 ? "1 request" : `${format.integer(count)} requests`,
    ];
  }
}
