/**
 * Which of a document's encodings this reader gets (RFC 9110 section 12.5.3). Of those it likes equally the smallest;
 * plain bytes where it names none. `undefined`: it refuses all that there are.
 */
export function encodingFor(accept: string | undefined): 'br' | 'gzip' | 'identity' | undefined {
  if (accept === undefined || accept.trim() === '') return 'identity';
  const weights = weightsOf(accept);
  const any = weights['*'];
  const weightOf = (name: string): number => {
    const said = weights[name];
    return said === undefined ? any || 0 : said;
  };
  // Whoever says nothing of plain bytes takes them, if nothing better is there.
  const plain = weights['identity'] === undefined && any === undefined ? LEAST : weightOf('identity');
  const best = Math.max(weightOf('br'), weightOf('gzip'), plain);
  if (best > 0) {
    if (weightOf('br') === best) return 'br';
    return weightOf('gzip') === best ? 'gzip' : 'identity';
  }
  // Whoever refuses plain bytes and names nothing else gets what every program can read.
  return weights['gzip'] === undefined && any === undefined ? 'gzip' : undefined;
}

/** Less than any weight that can be said: weights have three digits. */
const LEAST = 0.0001;

function weightsOf(accept: string): Record<string, number | undefined> {
  const weights: Record<string, number | undefined> = {};
  accept
    .toLowerCase()
    .split(',')
    .forEach((part) => {
      const said = /^\s*([a-z0-9*_-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?$/.exec(part);
      if (!said) return;
      // An old name of gzip that RFC 9110 section 8.4.1.3 wants to be known.
      const name = said[1] === 'x-gzip' ? 'gzip' : `${said[1]}`;
      const weight = said[2] === undefined ? 1 : Number(said[2]);
      weights[name] = weight >= 0 ? Math.min(weight, 1) : 0;
    });
  return weights;
}
