/** Image sets of benches: zips with one folder a class, or with `images/` and `masks/`. */
import sharp from 'sharp';
import { readZip } from './zip.ts';

/** Pixels in [0, 1], [n, channels, height, width] row-major. */
export interface Images {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Float32Array;
}

export interface ClassedImages extends Images {
  readonly labels: Int32Array;
  /** Folder names in sorted order; labels count through them. */
  readonly classes: readonly string[];
}

export const imageSize = (images: Images): number => images.channels * images.height * images.width;

/** Decodes files of one size to `channels` 1 (grey) or 3 (RGB). Throws a RangeError where sizes differ. */
async function decode(files: readonly Buffer[], channels: 1 | 3, scale = 1 / 255): Promise<Images> {
  let pixels: Float32Array | null = null;
  let size = { height: 0, width: 0 };
  for (const [i, file] of files.entries()) {
    const image = sharp(file)
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .removeAlpha();
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    const { height, width } = info;
    const places = height * width;
    if (pixels === null) {
      pixels = new Float32Array(files.length * channels * places);
      size = { height, width };
    }
    if (height !== size.height || width !== size.width || info.channels !== channels) {
      throw new RangeError(
        `Image ${i} is ${height}x${width}x${info.channels}, the first ${size.height}x${size.width}.`,
      );
    }
    for (let p = 0; p < places; p++) {
      for (let c = 0; c < channels; c++) pixels[(i * channels + c) * places + p] = data[p * channels + c]! * scale;
    }
  }
  return { count: files.length, channels, ...size, pixels: pixels ?? new Float32Array(0) };
}

/** Reads a zip that holds one folder of images for each class. */
export async function readClassedImages(path: string, channels: 1 | 3 = 1): Promise<ClassedImages> {
  const files = [...(await readZip(path))].filter(([name]) => /\.(png|jpe?g)$/i.test(name));
  const folderOf = (name: string): string => name.split('/').at(-2) ?? '';
  const classes = [...new Set(files.map(([name]) => folderOf(name)))].sort();
  const labels = Int32Array.from(files, ([name]) => classes.indexOf(folderOf(name)));
  const images = await decode(
    files.map(([, data]) => data),
    channels,
  );
  return { ...images, labels, classes };
}

/** Reads a zip of `images/NAME.*` and `masks/NAME.*`; mask values are class numbers as they stand. */
export async function readMaskedImages(path: string, channels: 1 | 3 = 1): Promise<{ images: Images; masks: Images }> {
  const files = await readZip(path);
  const stem = (name: string): string => name.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const below = (folder: string): Map<string, Buffer> =>
    new Map([...files].filter(([name]) => name.startsWith(`${folder}/`)).map(([name, data]) => [stem(name), data]));
  const [pictures, masks] = [below('images'), below('masks')];
  const names = [...pictures.keys()].sort();
  const maskOf = (name: string): Buffer => {
    const mask = masks.get(name);
    if (!mask) throw new RangeError(`${path} has no mask for ${name}.`);
    return mask;
  };
  return {
    images: await decode(
      names.map((name) => pictures.get(name)!),
      channels,
    ),
    masks: await decode(names.map(maskOf), 1, 1),
  };
}

/** Every image cut into squares of `side`, row by row; what is left over is lost. */
export function tiles({ count, channels, height, width, pixels }: Images, side: number): Images {
  const [down, across] = [Math.floor(height / side), Math.floor(width / side)];
  const out = new Float32Array(count * down * across * channels * side * side);
  let to = 0;
  for (let i = 0; i < count; i++) {
    for (let t = 0; t < down * across; t++) {
      const [top, left] = [Math.floor(t / across) * side, (t % across) * side];
      for (let c = 0; c < channels; c++) {
        for (let y = top; y < top + side; y++) {
          const from = ((i * channels + c) * height + y) * width + left;
          out.set(pixels.subarray(from, from + side), to);
          to += side;
        }
      }
    }
  }
  return { count: count * down * across, channels, height: side, width: side, pixels: out };
}

/** Where a place of an image takes its value from. */
export type Warp = (x: number, y: number) => readonly [number, number];

/** Every image through every warp, warp by warp; 0 where a value would come from outside. */
export function warped(images: Images, warps: readonly Warp[]): Images {
  const { count, channels, height, width, pixels } = images;
  const plane = height * width;
  const out = new Float32Array(pixels.length * warps.length);
  warps.forEach((warp, w) => {
    const from = new Int32Array(plane);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [sx, sy] = warp(x, y);
        from[y * width + x] = sx >= 0 && sx < width && sy >= 0 && sy < height ? sy * width + sx : -1;
      }
    }
    for (let i = 0; i < count * channels; i++) {
      const target = w * pixels.length + i * plane;
      for (let p = 0; p < plane; p++) out[target + p] = from[p]! < 0 ? 0 : pixels[i * plane + from[p]!]!;
    }
  });
  return { count: count * warps.length, channels, height, width, pixels: out };
}
