import mjml2html from 'mjml';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';

const SUMMARY =
  'The plan moves the landing stage two hundred metres upstream, opens the old quay to walkers, and costs less than the repair would have cost. Work begins in spring, and the ferries keep running throughout.';

/** What most newsletters do: the mail of each recipient is written in MJML, compiled, and made into MIME by nodemailer. */
export const theUsualWay = async (mails: number): Promise<{ readonly ms: number; readonly bytes: number }> => {
  await oneMail(0);
  let bytes = 0;
  const from = performance.now();
  for (let i = 0; i < mails; i++) bytes += (await oneMail(i)).length;
  return { ms: performance.now() - from, bytes };
};

const ARTICLES = Array.from({ length: 12 }, (_, i) => ({
  title: `River council ${i} votes on the plan for the new landing stage`,
  url: `https://news.example/en/articles/river-council-${i}`,
  image: `https://img.example.org/${i}.jpg`,
}));

const oneMail = async (i: number): Promise<Buffer> => {
  const to = `reader-${i}@example.org`;
  const leave = `https://news.example/unsubscribe/${i}`;
  const { html } = await mjml2html(sourceFor(i, leave), { validationLevel: 'strict', fonts: {} });
  const composer = new MailComposer({
    from: 'Confluence <news@confluence.example>',
    to,
    subject: ARTICLES[0]?.title ?? '',
    html,
    text: ARTICLES.map(({ title, url }) => `${title}\n${SUMMARY}\n${url}\n`).join('\n'),
    headers: { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  });
  return composer.compile().build();
};

/** Each reader has an order of his own. */
const sourceFor = (i: number, leave: string): string => {
  const mine = [...ARTICLES.slice(i % ARTICLES.length), ...ARTICLES.slice(0, i % ARTICLES.length)];
  const sections = mine.map(
    ({
      title,
      url,
      image,
    }) => `<mj-section><mj-column width="35%"><mj-image src="${image}" alt="" href="${url}" /></mj-column>
<mj-column width="65%"><mj-text font-size="20px"><a href="${url}">${title}</a></mj-text><mj-text>${SUMMARY}</mj-text>
<mj-button href="${url}">Read on</mj-button></mj-column></mj-section>`,
  );
  return `<mjml><mj-head><mj-title>City News</mj-title><mj-attributes><mj-all font-family="Georgia, serif" /></mj-attributes></mj-head>
<mj-body width="600px"><mj-section><mj-column><mj-text font-size="28px">City News</mj-text></mj-column></mj-section>
${sections.join('\n')}
<mj-section><mj-column><mj-text><a href="${leave}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>`;
};
