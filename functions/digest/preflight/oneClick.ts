import type { Checks, Found } from './ports.ts';

/**
 * Presses the link for leaving of a subscriber who does not exist, as a mailbox provider does: RFC 8058 section 3.1 wants
 * an answer, and no redirect.
 */
export const oneClickFindings = async ({ web }: Pick<Checks, 'web'>, url: string): Promise<Found> => {
  const first = await web.oneClick(url);
  // A function that starts, or a gateway that hiccups, gets a second chance.
  const answer = first === 'unreachable' || first.status >= 500 ? await web.oneClick(url) : first;
  if (answer === 'unreachable') {
    return { unchecked: [{ code: 'one-click', sentence: 'The link for leaving could not be reached from here.' }] };
  }
  if (answer.status < 200 || answer.status > 299) {
    const what = answer.status >= 300 && answer.status < 400 ? 'redirects' : `answers ${answer.status}`;
    const sentence = `The link for leaving ${what} where RFC 8058 wants it done at once: readers could not leave with one click.`;
    return { refusals: [{ code: 'one-click', sentence }] };
  }
  if (url.startsWith('https:')) return {};
  const sentence = 'The link for leaving is not https: mailbox providers show no button for it (RFC 8058 section 3.1).';
  return { warnings: [{ code: 'one-click-not-https', sentence }] };
};
