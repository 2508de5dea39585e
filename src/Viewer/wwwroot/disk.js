// One disk: its picture, state, counters and strip of activity.
import { BlockPicture } from "./picture.js";
import { BlockPointer } from "./pointer.js";
import { drawActivity } from "./activity.js";
import * as format from "./format.js";

const labelMilliseconds = 500;

export class DiskView {
  constructor(place, disk, number, hello, switchError) {
    this.disk = disk;
    this.number = number;
    this.operations = hello.operations;
    this.state = "missing";
    this.problem = "";
    this.activity = null;
    this.counters = [];
    this.isChanged = true;
    this.labelled = -Infinity;

    const article = document.getElementById("disk").content.cloneNode(true).firstElementChild;
    const part = selector => article.querySelector(selector);
    this.article = article;
    this.canvas = part(".blocks");
    this.notice = part(".notice");
    this.progress = part("progress");
    this.stateText = part(".state");
    this.scale = part(".scale");
    this.strip = part(".strip");
    this.rows = part(".counters tbody");
    part("h2").textContent = disk.name;
    part("h2").id = `disk-${number}`;
    article.setAttribute("aria-labelledby", `disk-${number}`);
    part("caption").textContent = `Counters of ${disk.name}`;
    this.fillRows();

    this.box = part("input");
    this.box.setAttribute("aria-label", `Error on disk ${number}`);
    part(".error").hidden = disk.error === null;
    part(".error").title = disk.error ?? "";
    this.box.addEventListener("change", async () => {
      if (!await switchError(number, this.box.checked)) {
        this.box.checked = this.isFailing;
      }
    });

    this.picture = new BlockPicture(this.canvas, hello);
    this.pointer = new BlockPointer(part(".picture"), this.picture, hello, disk.name);
    place.append(article);
  }

  setProblem(text) {
    this.problem = text;
  }

  update(disk, frame) {
    const before = `${this.state} ${this.isFailing} ${this.counters.length}`;
    this.state = disk.state;
    this.isPlayed = frame.mode !== "live";
    this.progressValue = disk.progress;
    if (this.isFailing !== disk.isFailing) {
      this.isFailing = disk.isFailing;
      this.box.checked = disk.isFailing;
    }
    this.inFlight = disk.inFlight;
    this.unreadable = disk.unreadable;
    this.counters = disk.counters;
    this.layout = disk.layout;
    this.activity = disk.activity ?? this.activity;
    this.picture.update(disk);
    this.isChanged = true;
    if (before !== `${this.state} ${this.isFailing} ${this.counters.length}`) {
      this.labelled = -Infinity;
    }
  }

  draw(moment, fading) {
    this.picture.draw(moment, fading);
  }

  // What is read by people does not need to change with every frame.
  drawSlow(time, range) {
    this.pointer.refresh();
    if (!this.isChanged) {
      return;
    }
    this.isChanged = false;
    this.drawState();
    this.drawCounters();
    drawActivity(this.strip, this.activity ? [this.activity] : [], range);
    if (time - this.labelled > labelMilliseconds) {
      this.labelled = time;
      this.canvas.setAttribute("aria-label", this.describe());
    } else {
      this.isChanged = true;
    }
  }

  drawState() {
    const [kind, text] = this.isFailing ? ["failing", "Failing"]
      : this.state === "missing" ? ["waiting", this.layout?.cells ? "Log is gone" : "Waiting"]
      : this.state === "unreadable" ? ["failing", "Log unreadable"]
      : this.state === "loading" ? ["loading", `Loading ${Math.floor(this.progressValue * 100)} %`]
      : this.inFlight > 0 ? ["busy", `${format.integer(this.inFlight)} in flight`]
      : ["ready", "Ready"];
    this.article.dataset.state = kind;
    this.stateText.textContent = text;
    const hasPicture = this.layout?.cells > 0;
    this.notice.hidden = hasPicture && this.state !== "loading";
    this.notice.classList.toggle("over", hasPicture);
    this.notice.firstElementChild.textContent = hasPicture ? ""
      : this.problem !== "" ? this.problem
      : this.state === "missing" ? `Waiting for ${this.disk.log}`
      : "Waiting for a client to connect";
    this.progress.hidden = this.state !== "loading";
    this.progress.value = this.progressValue;
    this.progress.setAttribute("aria-label", `Loading ${this.disk.log}`);
    this.scale.textContent = hasPicture
      ? `${format.bytes(this.layout.size)} · a block is ${format.bytes(this.layout.blockSize)}`
        + (this.unreadable > 0 ? ` · ${format.integer(this.unreadable)} lines not understood` : "")
      : " ";
  }

  fillRows() {
    for (const name of [...this.operations, "all"]) {
      const row = this.rows.insertRow();
      row.dataset.operation = name;
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      for (const column of ["requests", "bytes", "errors"]) {
        row.insertCell().className = column;
      }
    }
  }

  total() {
    return this.counters.reduce((sum, counter) => ({
      requests: sum.requests + counter.requests,
      bytes: sum.bytes + counter.bytes,
      errors: sum.errors + counter.errors,
    }), { requests: 0, bytes: 0, errors: 0 });
  }

  hasRareRequests() {
    return this.counters.some(({ requests }, index) => requests > 0 && ["extents", "cache"].includes(this.operations[index]));
  }

  drawCounters() {
    [...this.counters, this.total()].forEach((counter, index) => {
      const row = this.rows.rows[index];
      row.classList.toggle("none", counter.requests === 0);
      row.cells[1].textContent = format.short(counter.requests);
      row.cells[2].textContent = counter.bytes === 0 ? "–" : format.bytes(counter.bytes);
      row.cells[3].textContent = counter.errors === 0 ? "–" : format.short(counter.errors);
      row.cells[3].classList.toggle("some", counter.errors > 0);
    });
  }

  // The picture in words.
  describe() {
    if (!this.layout?.cells) {
      return `${this.disk.name}: ${this.stateText.textContent}`;
    }
    const total = this.total();
    const parts = this.counters
      .map((counter, index) => [counter, this.operations[index]])
      .filter(([counter]) => counter.requests > 0)
      .map(([counter, name]) => `${format.integer(counter.requests)} ${name}`
        + (counter.bytes > 0 ? ` (${format.bytes(counter.bytes)})` : ""));
    const several = (count, name) => count === 1 ? `1 ${name}` : `${format.integer(count)} ${name}s`;
    return `${this.disk.name}, ${format.bytes(this.layout.size)}, ${this.stateText.textContent.toLowerCase()}: `
      + [several(total.requests, "request"), ...parts, several(total.errors, "error")].join(", ");
  }
}
