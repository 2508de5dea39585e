// The page: connects, hands what comes to the parts, and draws once per frame of the screen.
import { connect } from "./connection.js";
import { DiskView } from "./disk.js";
import { RequestTable } from "./requests.js";
import { Transport } from "./transport.js";
import { fillLegend } from "./legend.js";
import { Recorder, saveSnapshot } from "./recorder.js";
import { startTheme } from "./theme.js";

const find = id => document.getElementById(id);

const status = find("status");
let disks = [];
let requests = null;
let token = "";
let lastFrame = null;

// What the page's clock says of the log's time, so that flashes fade between two frames too.
function now() {
  if (!lastFrame) {
    return 0;
  }
  const passed = performance.now() - lastFrame.received;
  const speed = lastFrame.mode === "live" ? 1 : lastFrame.mode === "playing" ? lastFrame.rate : 0;
  return lastFrame.time + passed * speed;
}

function setStatus(state, text) {
  if (status.dataset.state !== state || status.textContent !== text) {
    status.dataset.state = state;
    status.firstElementChild.textContent = text;
  }
}

function complain(text) {
  const alert = find("alert");
  alert.textContent = text;
  alert.hidden = text === "";
}

async function switchError(number, isOn) {
  try {
    const answer = await fetch(`/error/${number}`, { method: "POST", headers: { "X-SharpNbd-Token": token }, body: isOn ? "on" : "off" });
    complain(answer.ok ? "" : await answer.text());
    return answer.ok;
  } catch {
    complain("The viewer cannot be reached.");
    return false;
  }
}

function start(hello) {
  token = hello.token;
  const isArray = hello.disks.length > 1;
  document.body.classList.toggle("array", isArray);
  const logs = hello.disks.map(disk => disk.log);
  find("source").textContent = isArray ? `${logs.length} disks, ${logs[0]} to ${logs[logs.length - 1]}` : logs[0];
  find("source").title = logs.join("\n");
  document.title = isArray ? `${logs.length} disks – SharpNbd view` : `${hello.disks[0].name} – SharpNbd view`;
  const place = find("disks");
  place.replaceChildren();
  place.dataset.count = logs.length;
  disks = hello.disks.map((disk, index) => new DiskView(place, disk, index + 1, hello, switchError));
  requests = new RequestTable(find("requests"), hello, isArray);
  fillLegend(find("legend"), hello);
}

const connection = connect({
  text(message) {
    if (message.type === "hello") {
      lastFrame = null;
      start(message);
    } else if (message.type === "problem") {
      disks[message.disk].setProblem(message.text);
    }
  },
  frame(frame) {
    lastFrame = frame;
    frame.disks.forEach((disk, index) => {
      disks[index].update(disk, frame);
      requests.update(index, disk);
    });
    transport.update(frame, disks);
  },
  lost() {
    setStatus("lost", "Connection lost, trying again");
  },
});

const transport = new Transport(connection.send, () => disks);
const recorder = new Recorder(find("record"), () => ({ disks, clock: transport.clockText() }), complain);
find("snapshot").addEventListener("click", () => saveSnapshot({ disks, clock: transport.clockText() }));

// ---- one loop draws everything

const modeTexts = { playing: "Replaying", paused: "Paused" };
let lastSlow = 0;

function draw(time) {
  if (lastFrame) {
    const moment = now();
    const fading = lastFrame.mode === "playing" ? Math.max(1, lastFrame.rate) : 1;
    disks.forEach(disk => disk.draw(moment, fading));
    transport.draw(moment);
    recorder.draw();
    if (time - lastSlow > 100) {
      lastSlow = time;
      disks.forEach(disk => disk.drawSlow(time, transport.range()));
      document.body.classList.toggle("plain", disks.every(disk => !disk.hasRareRequests()));
      requests.draw();
      const isLoading = disks.some(disk => disk.state === "loading");
      const isMissing = disks.every(disk => disk.state === "missing");
      setStatus(lastFrame.mode, isLoading ? "Loading" : modeTexts[lastFrame.mode] ?? (isMissing ? "Waiting" : "Live"));
    }
  }
  requestAnimationFrame(draw);
}

requestAnimationFrame(draw);
startTheme(find("theme"));
