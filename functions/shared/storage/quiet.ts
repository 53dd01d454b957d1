interface Client {
  readonly middlewareStack: { remove(name: string): boolean };
}

/** A step of the AWS SDK's clients that is taken out; throws where a new version has none of that name. */
export const without = <C extends Client>(client: C, step: string): C => {
  if (!client.middlewareStack.remove(step)) throw new Error(`The AWS SDK has no ${step} any more.`);
  return client;
};

/**
 * The SDK copies all that a call brings and gives back, field by field, for a logger, and does so where there is none. A
 * page of deliveries or a mail is large, and nothing of either may stand in a log.
 */
export const quiet = <C extends Client>(client: C): C => without(client, 'loggerMiddleware');
