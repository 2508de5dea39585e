// The strip of activity: what began in each span of the whole time, reads at the bottom, failures on top.

const kinds = 4;
const properties = ["--strip-read", "--strip-write", "--strip-other", "--strip-error"];

export function drawActivity(canvas, activities, range) {
  const scale = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (width === 0 || height === 0) {
    return;
  }
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, width, height);
  const bars = Math.max(1, Math.floor(width / (2 * scale)));
  const sums = sum(activities, range, bars);
  let most = 0;
  for (let bar = 0; bar < bars; bar++) {
    let total = 0;
    for (let kind = 0; kind < kinds; kind++) {
      total += sums[bar * kinds + kind];
    }
    most = Math.max(most, total);
  }
  if (most === 0) {
    return;
  }

  const style = getComputedStyle(canvas);
  const step = width / bars;
  // Square roots, so that a few requests still show beside thousands.
  const scaleTo = count => Math.sqrt(count / most) * (height - 1);
  for (let bar = 0; bar < bars; bar++) {
    let total = 0;
    let top = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const count = sums[bar * kinds + kind];
      if (count > 0) {
        total += count;
        const next = Math.max(top + scale, scaleTo(total));
        context.fillStyle = style.getPropertyValue(properties[kind]);
        context.fillRect(Math.floor(bar * step), height - next, Math.max(1, Math.ceil(step) - 1), next - top);
        top = next;
      }
    }
  }
}

function sum(activities, range, bars) {
  const sums = new Float64Array(bars * kinds);
  const length = Math.max(1, range.end - range.start);
  for (const { origin, width, spans } of activities) {
    for (let span = 0; span < spans.length / kinds; span++) {
      const share = (origin + span * width - range.start) / length;
      const bar = Math.min(bars - 1, Math.max(0, Math.floor(share * bars)));
      for (let kind = 0; kind < kinds; kind++) {
        sums[bar * kinds + kind] += spans[span * kinds + kind];
      }
    }
  }
  return sums;
}
