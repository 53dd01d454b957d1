import { decodePart } from './mime.ts';

/** One of the two parts of a mail made by `mimeOf`, as its reader sees it. */
export const partOf = (mail: Buffer, type: 'text/html' | 'text/plain'): string => {
  const raw = mail.toString('latin1');
  const [, boundary = ''] = /boundary="([^"]+)"/.exec(raw) ?? [];
  const begin = raw.indexOf('\r\n\r\n', raw.indexOf(`Content-Type: ${type}`)) + 4;
  return decodePart(raw.slice(begin, raw.indexOf(`\r\n--${boundary}`, begin)));
};
