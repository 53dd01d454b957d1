/** Feeds as real systems write them, each with what is odd about its kind. */

interface Item {
  readonly guid?: string;
  readonly title?: string;
  readonly link?: string;
  readonly date?: string;
  readonly text?: string;
  readonly more?: string;
}

export const rssItem = ({
  guid,
  title = 'Night ferries return',
  link,
  date,
  text = 'Three towns share.',
  more = '',
}: Item): string =>
  `<item>${title === '' ? '' : `<title>${title}</title>`}${link ? `<link>${link}</link>` : ''}${
    guid ? `<guid isPermaLink="false">${guid}</guid>` : ''
  }${date ? `<pubDate>${date}</pubDate>` : ''}<description><![CDATA[<p>${text}</p>]]></description>${more}</item>`;

export const rss = (items: readonly string[], channel = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>City of Lyon</title><link>https://city.example/</link><description>News</description>${channel}
${items.join('\n')}
</channel></rss>`;

/** As WordPress writes it. */
export const wordpressRss = rss([
  `<item><title>Tramway &#8211; d&#233;but des travaux &amp;amp; calendrier</title>
<link>https://city.example/2026/05/tramway/?utm_source=rss</link>
<dc:creator><![CDATA[Anaïs Lefèvre]]></dc:creator>
<pubDate>Mon, 04 May 2026 08:30:00 +0000</pubDate>
<category><![CDATA[Transports]]></category><category><![CDATA[À la une]]></category>
<guid isPermaLink="false">https://city.example/?p=123</guid>
<description><![CDATA[<p>Les travaux commencent lundi. [&#8230;]</p>
<p>The post <a href="https://city.example/2026/05/tramway/">Tramway</a> appeared first on <a href="https://city.example">City</a>.</p>]]></description>
<content:encoded><![CDATA[<p>Les travaux commencent lundi au bord du Rhône.</p><p><img src="/img/tram.jpg" alt="Le tram"></p>
<p>The post <a href="https://city.example/2026/05/tramway/">Tramway</a> appeared first on <a href="https://city.example">City</a>.</p>]]></content:encoded>
<media:content url="https://city.example/img/tram-1200.jpg" medium="image" width="1200" height="800">
<media:description>Le tram sur le pont</media:description><media:credit>A. Photographe</media:credit></media:content>
</item>`,
]);

export const rss10 = `<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:d="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://city.example/rss"><title>City</title><link>https://city.example/</link></channel>
<item rdf:about="https://city.example/a"><title>Market moves</title><link>https://city.example/a</link>
<description>The market moves to the quay.</description><d:date>2026-05-04T10:00:00+02:00</d:date><d:creator>Rosa</d:creator><d:subject>Housing</d:subject></item>
</rdf:RDF>`;

export const rss091 = `<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old</title><link>http://old.example/</link><language>fr</language>
<item><title>Caf&eacute; ouvert</title><link>http://old.example/cafe</link><description>Le caf&eacute; du port&nbsp;ouvre.</description></item>
</channel></rss>`;

export const atom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://city.example/news/" xml:lang="en">
<title>City</title><id>tag:city.example,2026:feed</id><updated>2026-05-04T09:00:00Z</updated><author><name>Press office</name></author>
<entry><id>tag:city.example,2026:1</id><title type="html">Fish &amp;amp; chips &lt;em&gt;again&lt;/em&gt;</title>
<link rel="alternate" type="text/html" href="fish"/><link rel="enclosure" type="image/png" href="/fish.png"/>
<published>2026-05-04T07:00:00Z</published><updated>2026-05-04T08:00:00Z</updated>
<category term="x-1" label="Housing"/><summary>The stall is back.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The stall is <a href="map">back</a>.</p></div></content></entry>
<entry><id>tag:city.example,2026:2</id><title>Bridge closed: 5 &lt; 6</title><link href="bridge"/><updated>2026-05-03T08:00:00+02:00</updated>
<author><name>Ana</name></author><author><name>Björn</name></author><content type="text">Closed on Friday.

Open on Saturday &amp; Sunday.</content><rights>© City</rights></entry>
</feed>`;

export const atomPrefixed = atom
  .replaceAll(
    /<(\/?)(feed|title|id|updated|author|name|entry|link|published|category|summary|content|rights)\b/g,
    '<$1a:$2',
  )
  .replace('xmlns=', 'xmlns:a=');

export const jsonFeed = {
  version: 'https://jsonfeed.org/version/1.1',
  title: 'City',
  home_page_url: 'https://city.example/',
  authors: [{ name: 'Press office' }],
  items: [
    {
      id: 7,
      url: '/seven',
      title: 'Seven bridges',
      content_html: '<p>Seven.</p>',
      date_published: '2026-05-04T08:00:00Z',
      tags: ['Housing'],
    },
    {
      id: '8',
      url: 'https://city.example/8',
      title: 'Eight',
      content_text: 'Eight & more',
      summary: 'In short',
      image: '/8.jpg',
      authors: [{ name: 'Ana' }],
    },
    { id: 'note', content_text: 'No title here' },
    'nonsense',
  ],
};
