// The list of requests, the latest first. Rows are made once; while the reader has scrolled away from the top they stand still.
import * as format from "./format.js";

const most = 200;

export class RequestTable {
  constructor(section, hello, isArray) {
    this.hello = hello;
    this.isArray = isArray;
    this.scroll = section.querySelector(".scroll");
    this.body = section.querySelector("tbody");
    this.note = section.querySelector("#requests-note");
    this.body.replaceChildren();
    this.disks = hello.disks.map(() => new Map());
    this.isChanged = true;
  }

  update(disk, { isNew, requests }) {
    const list = this.disks[disk];
    if (isNew) {
      list.clear();
      this.isChanged = true;
    }
    // They come the latest first; a map keeps the order in which its keys were added.
    for (let at = requests.length - 1; at >= 0; at--) {
      list.set(requests[at].sequence, { disk, ...requests[at] });
      this.isChanged = true;
    }
    if (list.size > 2 * most) {
      this.disks[disk] = new Map([...list].slice(-most));
    }
  }

  draw() {
    const isReading = this.scroll.scrollTop > 8;
    this.note.textContent = isReading ? "Standing still; scroll up to follow" : "";
    if (!this.isChanged || isReading) {
      return;
    }
    this.isChanged = false;
    const latest = this.disks
      .flatMap(list => [...list.values()].slice(-most))
      .sort((left, right) => right.begin - left.begin || right.sequence - left.sequence)
      .slice(0, most);
    while (this.body.rows.length > latest.length) {
      this.body.deleteRow(-1);
    }
    latest.forEach((request, index) => this.fill(this.body.rows[index] ?? this.addRow(), request));
  }

  addRow() {
    const row = this.body.insertRow();
    const classes = ["", "of-array", "operation", "number", "number", "number", "result"];
    for (const name of classes) {
      row.insertCell().className = name;
    }
    return row;
  }

  fill(row, request) {
    const operation = this.hello.operations[request.operation];
    const hasRange = operation !== "flush";
    const failed = request.error > 0;
    row.dataset.operation = operation;
    row.dataset.result = failed ? "failed" : request.state;
    const texts = [
      format.timeOfDay(request.begin),
      this.isArray ? String(request.disk + 1) : "",
      operation,
      hasRange ? format.hex(request.offset) : "",
      hasRange ? format.bytes(request.count) : "",
      request.state === "running" ? "" : format.duration(request.end - request.begin),
      failed ? this.hello.errors[request.error] : request.state === "running" ? "…" : request.state === "done" ? "ok" : "no answer",
    ];
    texts.forEach((text, index) => {
      const cell = row.cells[index];
      if (cell.textContent !== text) {
        cell.textContent = text;
      }
    });
  }
}
