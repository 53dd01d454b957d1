import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { encodePart, mimeOf } from '../../functions/mail/mime.ts';
import { partOf } from '../../functions/mail/readPart.ts';
import { aMail } from './aMail.ts';

test('each part of a mail is read whole and alone, as another library reads it', async () => {
  const text = 'Crues : « le fleuve monte » = 城市新闻\n--_=not-a-boundary\nPrivacy: https://x.example/privacy\n';
  const html = `<!doctype html>\n<html lang="fr"><p>${'É='.repeat(200)}</p></html>\n`;
  const mail = mimeOf(aMail({ text: [encodePart(text)], html: [encodePart(html)] }));
  const theirs = await simpleParser(mail);
  expect(partOf(mail, 'text/plain')).toBe(text.replaceAll('\n', '\r\n'));
  expect(partOf(mail, 'text/html')).toBe(html.replaceAll('\n', '\r\n'));
  expect(partOf(mail, 'text/plain').replaceAll('\r\n', '\n').trim()).toBe(theirs.text?.trim());
  expect(partOf(mail, 'text/html').replaceAll('\r\n', '\n').trim()).toBe(String(theirs.html).trim());
});
