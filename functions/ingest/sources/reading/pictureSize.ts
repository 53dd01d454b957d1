import { imageSize } from 'image-size';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const MOST_PIXELS = 50_000;

/**
 * How large a picture is, from its first bytes, in points of the screen; `undefined` for what is no picture. One that
 * its EXIF data turn on its side is shown upright.
 */
export const pictureSize = (bytes: Uint8Array): PictureSize | undefined => {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes);
    const [w, h] = (orientation >= 5 ? [height, width] : [width, height]).map(Math.round);
    return w && h && w <= MOST_PIXELS && h <= MOST_PIXELS ? { width: w, height: h } : undefined;
  } catch {
    // It throws for what it does not know as a picture, and that is the finding.
    return undefined;
  }
};
