// The canvas of a disk: one pixel of it is one block. The style sheet scales it without blur.

const reading = 5;

function rgbOf(text) {
  return [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));
}

// The pixels of a canvas are red, green, blue and alpha in this order of bytes.
function pixelOf([red, green, blue]) {
  return (255 << 24 | blue << 16 | green << 8 | red) >>> 0;
}

export class BlockPicture {
  constructor(canvas, hello) {
    this.canvas = canvas;
    this.hello = hello;
    this.context = canvas.getContext("2d", { alpha: true });
    this.colours = hello.palette.map(rgbOf);
    this.pixels = this.colours.map(pixelOf);
    this.fade = hello.fade;
    this.flashing = new Set();
    this.layout = null;
    this.isDirty = false;
  }

  update(disk) {
    if (disk.isNew) {
      this.reset(disk.layout);
    }
    const { cells } = disk;
    for (let at = 0; at < cells.count; at++) {
      const index = cells.index[at];
      this.look[index] = cells.look[at];
      this.last[index] = cells.last[at];
      this.error[index] = cells.error[at];
      this.requests[index] = cells.requests[at];
      this.time[index] = cells.time[at];
      this.image32[index] = this.pixels[cells.look[at]];
      if (cells.flash[at] === 1) {
        this.flashing.add(index);
      } else {
        this.flashing.delete(index);
      }
    }
    this.isDirty ||= cells.count > 0;
  }

  reset(layout) {
    this.layout = layout.cells > 0 ? layout : null;
    this.flashing.clear();
    const { width, height, cells } = layout;
    if (!this.layout) {
      return;
    }
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.canvas.style.setProperty("--shape", width / height);
    this.image = new ImageData(width, height);
    this.image32 = new Uint32Array(this.image.data.buffer);
    this.image32.fill(this.pixels[0], 0, cells);
    this.look = new Uint8Array(cells);
    this.last = new Uint8Array(cells);
    this.error = new Uint8Array(cells);
    this.requests = new Uint32Array(cells);
    this.time = new Float64Array(cells);
    this.isDirty = true;
  }

  // A read's flash fades from black to what is there.
  draw(moment, fading) {
    if (!this.layout || (!this.isDirty && this.flashing.size === 0)) {
      return;
    }
    const from = this.colours[reading];
    for (const index of this.flashing) {
      const share = (moment - this.time[index]) / (this.fade * fading);
      if (share >= 1) {
        this.image32[index] = this.pixels[this.look[index]];
        this.flashing.delete(index);
      } else {
        const to = this.colours[this.look[index]];
        const part = Math.max(0, share);
        this.image32[index] = pixelOf(from.map((value, at) => Math.round(value + (to[at] - value) * part)));
      }
    }
    this.isDirty = false;
    this.context.putImageData(this.image, 0, 0);
  }
}
