import { describe, expect, test } from 'vitest';
import { encodePart, mimeOf } from '../../functions/mail/mime.ts';
import { mailSpaces } from '../../functions/mail/space.ts';
import { aMail } from './aMail.ts';

describe('a space for mails', () => {
  test('keeps what is written into it apart until the work is done, and is used again then', async () => {
    const spaces = mailSpaces(100);
    const first = await spaces.use(async (space) => {
      const [a, b] = [space.take(10).fill('a'), space.take(20).fill('b')];
      expect(a.toString()).toBe('a'.repeat(10));
      expect(b.toString()).toBe('b'.repeat(20));
      return a.buffer;
    });
    await spaces.use(async (space) => expect(space.take(10).buffer).toBe(first));
  });

  test('that is full gives memory all the same, and two works have one each', async () => {
    const spaces = mailSpaces(100);
    await spaces.use(async (one) => {
      const [fits, over] = [one.take(90).fill('x'), one.take(90).fill('y')];
      expect(fits.buffer).not.toBe(over.buffer);
      await spaces.use(async (other) => expect(other.take(50).buffer).not.toBe(fits.buffer));
      expect(fits.toString()).toBe('x'.repeat(90));
    });
  });

  test('comes back when the work fails', async () => {
    const spaces = mailSpaces(100);
    let buffer: ArrayBufferLike | undefined;
    const failing = spaces.use(async (space) => {
      buffer = space.take(1).buffer;
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    await spaces.use(async (space) => expect(space.take(1).buffer).toBe(buffer));
  });

  test('holds the very bytes a mail has without it', async () => {
    const mail = aMail({ html: [encodePart('<p>é</p>')] });
    await mailSpaces(10_000).use(async (space) => expect(mimeOf(mail, space)).toEqual(mimeOf(mail)));
  });
});
