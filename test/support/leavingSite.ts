import { createServer } from 'node:http';

/**
 * The site as a mailbox provider meets it, for runs in which nobody opens a page of it: it takes every press of the link
 * for leaving. Without one, no edition goes out.
 */
export const openLeavingSite = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(request.method === 'POST' ? 200 : 404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
