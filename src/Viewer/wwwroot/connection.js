// The WebSocket: comes back by itself, and tells the viewer which frames the page has dealt with.
import { readFrame } from "./frames.js";

const retryMilliseconds = 1000;

export function connect({ text, frame, lost }) {
  let socket = null;

  function open() {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", event => {
      if (typeof event.data === "string") {
        text(JSON.parse(event.data));
        return;
      }
      const received = readFrame(event.data);
      frame(received);
      send(`ack ${received.number}`);
    });
    socket.addEventListener("close", () => {
      lost();
      setTimeout(open, retryMilliseconds);
    });
  }

  function send(command) {
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(command);
    }
  }

  open();
  return { send };
}
