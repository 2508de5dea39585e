// Numbers and times as people read them.

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
const grouped = new Intl.NumberFormat("en-GB");

export function bytes(count) {
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  const digits = unit === 0 || count >= 100 || Number.isInteger(count) ? 0 : 1;
  return `${count.toFixed(digits)} ${units[unit]}`;
}

export function integer(count) {
  return grouped.format(count);
}

// Room for six characters: 12 345, 1.23 M.
export function short(count) {
  if (count < 100000) {
    return integer(count);
  }
  const [scale, letter] = count < 1e6 ? [1e3, "k"] : count < 1e9 ? [1e6, "M"] : [1e9, "G"];
  const value = count / scale;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ${letter}`;
}

export function hex(offset) {
  return `0x${offset.toString(16)}`;
}

// Between two moments: 12.345 s, 3:05.120, 1:02:03.4.
export function span(milliseconds) {
  const negative = milliseconds < 0 ? "-" : "";
  const total = Math.abs(milliseconds);
  const hours = Math.floor(total / 3600000);
  const minutes = Math.floor(total / 60000) % 60;
  const seconds = ((total % 60000) / 1000).toFixed(3);
  const two = text => text.padStart(text.includes(".") ? 6 : 2, "0");
  return `${negative}${hours > 0 ? `${hours}:${two(String(minutes))}` : minutes}:${two(seconds)}`;
}

// How long a request took.
export function duration(milliseconds) {
  if (milliseconds < 1) {
    return `${Math.round(milliseconds * 1000)} µs`;
  }
  return milliseconds < 1000 ? `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

// The time of day as the log has it: UTC, with microseconds.
export function timeOfDay(milliseconds, digits = 6) {
  const whole = Math.floor(milliseconds / 1000);
  const date = new Date(whole * 1000);
  const two = value => String(value).padStart(2, "0");
  const fraction = String(Math.min(999999, Math.round((milliseconds - whole * 1000) * 1000))).padStart(6, "0").slice(0, digits);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${fraction}`;
}
