// Reads a frame as DiskFrames.cs and PageSession.cs write it: little endian, without gaps.

const modes = ["live", "playing", "paused"];
const states = ["missing", "unreadable", "loading", "following"];
const requestStates = ["running", "done", "abandoned"];
const operationCount = 7;

class Reader {
  constructor(buffer) {
    this.view = new DataView(buffer);
    this.at = 0;
  }

  byte() {
    return this.view.getUint8(this.at++);
  }

  integer() {
    this.at += 4;
    return this.view.getUint32(this.at - 4, true);
  }

  number() {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }
}

export function readFrame(buffer) {
  const reader = new Reader(buffer);
  reader.byte();
  const frame = {
    received: performance.now(),
    mode: modes[reader.byte()],
    number: reader.integer(),
    rate: reader.number(),
    time: reader.number(),
    start: reader.number(),
    end: reader.number(),
    disks: [],
  };
  for (let count = reader.integer(); count > 0; count--) {
    frame.disks.push(readDisk(reader));
  }
  return frame;
}

function readDisk(reader) {
  const disk = { state: states[reader.byte()] };
  const error = reader.byte();
  disk.isFailing = error === 2;
  disk.progress = reader.number();
  disk.counters = [];
  for (let operation = 0; operation < operationCount; operation++) {
    disk.counters.push({ requests: reader.number(), bytes: reader.number(), errors: reader.number() });
  }
  disk.inFlight = reader.integer();
  disk.unreadable = reader.number();
  disk.isNew = reader.byte() === 1;
  disk.layout = {
    size: reader.number(),
    blockSize: reader.number(),
    width: reader.integer(),
    height: reader.integer(),
    cells: reader.integer(),
  };
  disk.cells = readCells(reader);
  disk.requests = readRequests(reader);
  disk.activity = reader.byte() === 1 ? readActivity(reader) : null;
  return disk;
}

// Many: kept in arrays of numbers, one for each property.
function readCells(reader) {
  const count = reader.integer();
  const cells = {
    count,
    index: new Uint32Array(count),
    look: new Uint8Array(count),
    flash: new Uint8Array(count),
    last: new Uint8Array(count),
    error: new Uint8Array(count),
    requests: new Uint32Array(count),
    time: new Float64Array(count),
  };
  for (let at = 0; at < count; at++) {
    cells.index[at] = reader.integer();
    cells.look[at] = reader.byte();
    cells.flash[at] = reader.byte();
    cells.last[at] = reader.byte();
    cells.error[at] = reader.byte();
    cells.requests[at] = reader.integer();
    cells.time[at] = reader.number();
  }
  return cells;
}

function readRequests(reader) {
  const requests = [];
  for (let count = reader.integer(); count > 0; count--) {
    requests.push({
      sequence: reader.number(),
      operation: reader.byte(),
      state: requestStates[reader.byte()],
      error: reader.byte(),
      connection: reader.number(),
      id: reader.number(),
      offset: reader.number(),
      count: reader.number(),
      begin: reader.number(),
      end: reader.number(),
    });
  }
  return requests;
}

function readActivity(reader) {
  const activity = { origin: reader.number(), width: reader.number() };
  const count = reader.integer();
  activity.spans = new Uint32Array(count * 4);
  for (let at = 0; at < count * 4; at++) {
    activity.spans[at] = reader.integer();
  }
  return activity;
}
