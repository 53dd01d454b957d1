import { open } from 'node:fs/promises';

/** Appends lines to a file, many at once when many are waiting; a line is there when its promise resolves. */
export interface Appender {
  append(line: string): Promise<void>;
  /** Bytes of whole lines. */
  size(): number;
  close(): Promise<void>;
}

/** A last line that a killed run left half written is cut off: nobody was told that it is there. */
export const appender = async (path: string): Promise<Appender> => {
  const file = await open(path, 'a+');
  let size = await endOfLastLine(path);
  await file.truncate(size);
  let waiting: { line: string; done: () => void; failed: (error: unknown) => void }[] = [];
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const bytes = Buffer.from(`${batch.map(({ line }) => line).join('\n')}\n`);
      try {
        await file.appendFile(bytes);
        size += bytes.length;
        for (const { done } of batch) done();
      } catch (error) {
        // A full disk, say: every caller whose line is not safe hears of it.
        for (const { failed } of batch) failed(error);
      }
    }
    writing = undefined;
  };
  return {
    append: (line) =>
      new Promise((done, failed) => {
        waiting.push({ line, done, failed });
        writing ??= write();
      }),
    size: () => size,
    async close() {
      await writing;
      await file.close();
    },
  };
};

const endOfLastLine = async (path: string): Promise<number> => {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let end = size; end > 0; end -= CHUNK) {
      const bytes = await readRange(file, Math.max(0, end - CHUNK), end);
      const newline = bytes.lastIndexOf(10);
      if (newline >= 0) return Math.max(0, end - CHUNK) + newline + 1;
    }
    return 0;
  } finally {
    await file.close();
  }
};

const CHUNK = 64 * 1024;

/** The whole lines from byte `from` to byte `end`, each with the byte where the next one begins. */
export async function* linesForwards(
  path: string,
  from: number,
  end: number,
): AsyncGenerator<{ line: string; next: number }> {
  const file = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let at = from; at < end; ) {
      const chunk = await readRange(file, at, Math.min(end, at + CHUNK));
      rest = Buffer.concat([rest, chunk]);
      at += chunk.length;
      for (let cut = rest.indexOf(10); cut >= 0; cut = rest.indexOf(10)) {
        const line = rest.toString('utf8', 0, cut);
        rest = rest.subarray(cut + 1);
        yield { line, next: at - rest.length };
      }
    }
  } finally {
    await file.close();
  }
}

/** The whole lines before byte `end`, last first, each with the byte where it begins. */
export async function* linesBackwards(path: string, end: number): AsyncGenerator<{ line: string; start: number }> {
  const file = await open(path, 'r');
  try {
    // What lies between `at` and the next line's start: the later end of a line whose beginning is not read yet.
    let rest: Buffer = Buffer.alloc(0);
    let at = end;
    while (at > 0) {
      const from = Math.max(0, at - CHUNK);
      rest = Buffer.concat([await readRange(file, from, at), rest]);
      at = from;
      for (let cut = lineStart(rest); cut > 0 || (at === 0 && rest.length > 0); cut = lineStart(rest)) {
        yield { line: rest.toString('utf8', cut, rest.length - 1), start: at + cut };
        rest = rest.subarray(0, cut);
        if (cut === 0) break;
      }
    }
  } finally {
    await file.close();
  }
}

/** Where the last whole line of `bytes` begins; 0 if that may be before them. */
const lineStart = (bytes: Buffer): number =>
  bytes.length < 2 ? 0 : bytes.subarray(0, bytes.length - 1).lastIndexOf(10) + 1;

const readRange = async (file: Awaited<ReturnType<typeof open>>, from: number, to: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(to - from), 0, to - from, from);
  return buffer.subarray(0, bytesRead);
};

export const readStart = async (path: string, bytes: number): Promise<Buffer> => {
  const file = await open(path, 'r');
  try {
    return await readRange(file, 0, bytes);
  } finally {
    await file.close();
  }
};
