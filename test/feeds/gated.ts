/** The same port, with `before` awaited ahead of every call: a test can count the steps, hold one, or cut it off. */
export const gated = <Port extends object>(port: Port, before: () => Promise<void>): Port =>
  new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        await before();
        return Reflect.apply(value, target, args);
      };
    },
  });
