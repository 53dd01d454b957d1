import { imageSize } from 'image-size';

export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** Its media type, where it is one that browsers show. */
  readonly type?: string;
}

const MOST_PIXELS = 50_000;

/**
 * How large a picture is, from its first bytes, in points of the screen, and of which type; `undefined` for what is no
 * picture. One that its EXIF data turn on its side is shown upright.
 */
export const pictureFacts = (bytes: Uint8Array): PictureFacts | undefined => {
  try {
    const { width, height, orientation = 1, type: kind = '' } = imageSize(bytes);
    const [w, h] = (orientation >= 5 ? [height, width] : [width, height]).map(Math.round);
    if (!w || !h || w > MOST_PIXELS || h > MOST_PIXELS) return undefined;
    const type = TYPES.get(kind);
    return { width: w, height: h, ...(type !== undefined && { type }) };
  } catch {
    // It throws for what it does not know as a picture, and that is the finding.
    return undefined;
  }
};

/** Registered names. `heif` is left out: it also stands for AVIF there. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['gif', 'image/gif'],
  ['jpg', 'image/jpeg'],
  ['jxl', 'image/jxl'],
  ['jxl-stream', 'image/jxl'],
  ['png', 'image/png'],
  ['svg', 'image/svg+xml'],
  ['tiff', 'image/tiff'],
  ['webp', 'image/webp'],
]);
