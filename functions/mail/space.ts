/**
 * Where the bytes of a mail are put together. Asking the system for 80 KB for every mail and collecting it again takes
 * three times as long as everything else about composing, so whoever writes many mails uses the same memory again.
 */
export interface MailSpace {
  /** So many bytes, with whatever stood in them before. */
  take(bytes: number): Buffer;
}

/** Memory of its own for each mail. */
export const freshSpace: MailSpace = { take: (bytes) => Buffer.allocUnsafe(bytes) };

/** Lends spaces. What was written into one is good until the work that borrowed it is done. */
export interface MailSpaces {
  use<T>(work: (space: MailSpace) => Promise<T>): Promise<T>;
}

/** `size`: what one work writes, as a rule; more finds its place, only not as quickly. */
export const mailSpaces = (size: number): MailSpaces => {
  const free: Buffer[] = [];
  return {
    async use(work) {
      const slab = free.pop() ?? Buffer.allocUnsafeSlow(size);
      try {
        return await work(writeInto(slab));
      } finally {
        free.push(slab);
      }
    },
  };
};

const writeInto = (slab: Buffer): MailSpace => {
  let end = 0;
  return {
    take(bytes) {
      if (end + bytes > slab.length) return freshSpace.take(bytes);
      end += bytes;
      return slab.subarray(end - bytes, end);
    },
  };
};
