// The time: buttons, speed, the strip that is also the slider, and the keys.
import { drawActivity } from "./activity.js";
import * as format from "./format.js";

const find = id => document.getElementById(id);
const sliderEnd = 10000;
const stripMilliseconds = 200;

export class Transport {
  constructor(send, disks) {
    this.send = send;
    this.disks = disks;
    this.frame = null;
    this.isSliding = false;
    this.drawn = 0;
    this.slider = find("moment");
    this.clock = find("clock");
    this.pause = find("pause");
    this.live = find("live");

    this.pause.addEventListener("click", () => this.toggle());
    find("back").addEventListener("click", () => send("back"));
    find("step").addEventListener("click", () => send("step"));
    find("replay").addEventListener("click", () => this.replay());
    this.live.addEventListener("click", () => send("live"));
    find("rate").addEventListener("change", event => send(`rate ${event.target.value}`));
    this.slider.addEventListener("input", () => this.seek());
    this.slider.addEventListener("change", () => {
      this.isSliding = false;
    });
    document.addEventListener("keydown", event => this.press(event));
  }

  update(frame) {
    const isOther = this.frame?.mode !== frame.mode;
    this.frame = frame;
    if (isOther) {
      this.pause.textContent = frame.mode === "paused" ? "Play" : "Pause";
      this.live.setAttribute("aria-pressed", String(frame.mode === "live"));
      document.body.dataset.mode = frame.mode;
    }
  }

  range() {
    return { start: this.frame?.start ?? 0, end: this.frame?.end ?? 1 };
  }

  // The time that is shown, inside of the log's.
  moment(now) {
    const { start, end } = this.range();
    return this.frame.mode === "live" ? end : Math.min(end, Math.max(start, now));
  }

  clockText() {
    return this.clock.textContent;
  }

  draw(now) {
    const { start, end } = this.range();
    const moment = this.moment(now);
    const text = start === 0 ? "" : `${format.span(moment - start)} / ${format.span(end - start)}`;
    if (this.clock.textContent !== text) {
      this.clock.textContent = text;
      this.clock.title = start === 0 ? "" : new Date(moment).toUTCString();
      this.slider.setAttribute("aria-valuetext", text);
    }
    if (!this.isSliding) {
      this.slider.value = end > start ? (moment - start) / (end - start) * sliderEnd : sliderEnd;
    }
    this.slider.parentElement.style.setProperty("--share", this.slider.value / sliderEnd);
    if (performance.now() - this.drawn > stripMilliseconds) {
      this.drawn = performance.now();
      drawActivity(find("activity"), this.disks().map(disk => disk.activity).filter(activity => activity), this.range());
    }
  }

  toggle() {
    this.send(this.frame?.mode === "paused" ? "play" : "pause");
  }

  replay() {
    this.send(`seek ${this.range().start}`);
    this.send("play");
  }

  seek() {
    this.isSliding = true;
    const { start, end } = this.range();
    this.send(`seek ${start + (end - start) * this.slider.value / sliderEnd}`);
  }

  press(event) {
    // What uses the key itself comes first.
    const { target } = event;
    const isTaken = target.closest("select, input[type=range], canvas, .scroll") || (event.key === " " && target.closest("button, input"));
    if (event.ctrlKey || event.altKey || event.metaKey || isTaken) {
      return;
    }
    const keys = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.send("back"),
      ArrowRight: () => this.send("step"),
      Home: () => this.replay(),
      End: () => this.send("live"),
      s: () => find("snapshot").click(),
      r: () => find("record").click(),
    };
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  }
}
