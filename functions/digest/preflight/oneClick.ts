import type { Checks, Found } from './ports.ts';

/**
 * Presses the link for leaving of a subscriber who does not exist, as a mailbox provider does: RFC 8058 section 3.1 wants
 * an answer, and no redirect.
 */
export const oneClickFindings = async ({ web }: Pick<Checks, 'web'>, url: string): Promise<Found | 'unreachable'> => {
  const first = await web.oneClick(url);
  // A function that starts, or a gateway that hiccups, gets a second chance.
  const answer = first === 'unreachable' || first.status >= 500 ? await web.oneClick(url) : first;
  if (answer === 'unreachable') return answer;
  if (answer.status < 200 || answer.status > 299) {
    const what = answer.status >= 300 && answer.status < 400 ? 'redirects' : `answers ${answer.status}`;
    const sentence = `The link for leaving ${what} where RFC 8058 wants it done at once: readers could not leave with one click.`;
    return { refusals: [{ code: 'one-click', sentence }] };
  }
  if (url.startsWith('https:')) return {};
  const sentence = 'The link for leaving is not https: mailbox providers show no button for it (RFC 8058 section 3.1).';
  return { warnings: [{ code: 'one-click-not-https', sentence }] };
};

/** Nobody answered the link for leaving. If anybody else outside answered, it is our site that is not there. */
export const unreachableFindings = (others: readonly Found[]): Found => {
  if (!others.some(({ answered = false }) => answered)) {
    return { unchecked: [{ code: 'one-click', sentence: 'The link for leaving could not be reached from here.' }] };
  }
  const sentence =
    'The link for leaving does not answer, or its certificate does not hold, while others outside do: readers could not leave.';
  return { refusals: [{ code: 'one-click', sentence }] };
};
