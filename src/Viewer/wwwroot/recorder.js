// The pictures in one canvas with names, counters and the clock: for a PNG file, and for a video.
import * as format from "./format.js";
import { legendOf } from "./legend.js";

const types = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const framesPerSecond = 30;
const bitsPerSecond = 8_000_000;
const margin = 32;
const least = 256;
const wanted = 1200;
const single = 640;

function compose(canvas, { disks, clock }) {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const font = (size, weight = 400) => `${weight} ${size}px ${style.getPropertyValue("--font").trim()}`;
  const columns = disks.length <= 5 ? disks.length : Math.ceil(disks.length / Math.ceil(disks.length / 5));
  const rows = Math.ceil(disks.length / columns);
  const side = Math.max(least, disks.length === 1 ? single : Math.floor(wanted / columns) - margin);
  const cellHeight = side + 72;
  const width = Math.max(2 * margin + side, columns * (side + margin) + margin);
  const height = 64 + rows * cellHeight + 56;
  // Encoders of video want even sizes, and the size must not be set again while they run.
  const even = [width + width % 2, height + height % 2];
  if (canvas.width !== even[0] || canvas.height !== even[1]) {
    [canvas.width, canvas.height] = even;
  }

  const context = canvas.getContext("2d");
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  context.fillStyle = colour("--ink");
  context.font = font(18, 600);
  context.fillText("SharpNbd view", margin, 34);
  context.textAlign = "right";
  context.font = font(15);
  context.fillText(clock, canvas.width - margin, 34);
  context.textAlign = "left";

  disks.forEach((disk, index) => {
    const left = margin + (index % columns) * (side + margin);
    const top = 64 + Math.floor(index / columns) * cellHeight;
    const { canvas: blocks } = disk;
    const scale = Math.min(side / blocks.width, side / blocks.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(blocks, left, top, blocks.width * scale, blocks.height * scale);
    const total = disk.total();
    context.font = font(14, 600);
    context.fillStyle = colour(disk.isFailing ? "--bad" : "--ink");
    context.fillText(disk.isFailing ? `${disk.disk.name} – failing` : disk.disk.name, left, top + side + 18);
    context.font = font(13);
    context.fillStyle = colour("--quiet");
    const errors = total.errors > 0 ? ` · ${format.short(total.errors)} errors` : "";
    context.fillText(`${format.short(total.requests)} requests · ${format.bytes(total.bytes)}${errors}`, left, top + side + 40, side);
  });

  let left = margin;
  context.font = font(13);
  for (const [fill, name] of legendOf(disks[0].picture.hello.palette)) {
    context.fillStyle = fill;
    context.fillRect(left, canvas.height - 38, 14, 14);
    context.strokeStyle = colour("--line");
    context.strokeRect(left - 0.5, canvas.height - 38.5, 15, 15);
    context.fillStyle = colour("--quiet");
    context.fillText(name, left + 21, canvas.height - 30);
    left += 21 + context.measureText(name).width + 20;
  }
}

function save(blob, extension) {
  const link = document.createElement("a");
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  link.href = URL.createObjectURL(blob);
  link.download = `sharpnbd-${stamp}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export function saveSnapshot(scene) {
  if (scene.disks.length === 0) {
    return;
  }
  const canvas = document.createElement("canvas");
  compose(canvas, scene);
  canvas.toBlob(blob => save(blob, "png"), "image/png");
}

export class Recorder {
  constructor(button, scene, complain) {
    this.button = button;
    this.scene = scene;
    this.complain = complain;
    this.recorder = null;
    this.button.addEventListener("click", () => this.recorder ? this.stop() : this.start());
  }

  start() {
    const type = window.MediaRecorder && types.find(candidate => MediaRecorder.isTypeSupported(candidate));
    if (!type) {
      this.complain("This browser cannot record video.");
      return;
    }
    if (this.scene().disks.length === 0) {
      return;
    }
    this.canvas = document.createElement("canvas");
    compose(this.canvas, this.scene());
    const parts = [];
    this.recorder = new MediaRecorder(this.canvas.captureStream(framesPerSecond), { mimeType: type, videoBitsPerSecond: bitsPerSecond });
    this.hasVideo = false;
    this.isStopping = false;
    this.recorder.addEventListener("dataavailable", event => {
      parts.push(event.data);
      this.hasVideo ||= event.data.size > 0;
      if (this.isStopping && this.hasVideo && this.recorder?.state === "recording") {
        this.recorder.stop();
      }
    });
    this.recorder.addEventListener("stop", () => {
      this.recorder = null;
      this.show();
      save(new Blob(parts, { type }), type.startsWith("video/mp4") ? "mp4" : "webm");
    });
    this.recorder.start(1000);
    this.show();
  }

  // A recorder that is stopped before its first picture is encoded leaves an empty file: then it goes on until there is one.
  stop() {
    this.isStopping = true;
    if (this.hasVideo) {
      this.recorder.stop();
    }
  }

  show() {
    this.button.textContent = this.recorder ? "Stop recording" : "Record";
    this.button.setAttribute("aria-pressed", String(this.recorder !== null));
  }

  draw() {
    if (this.recorder) {
      compose(this.canvas, this.scene());
    }
  }
}
