/**
 * Makes something on the first call and keeps it. A failed start is forgotten, so that a warm function is not
 * poisoned by one bad moment.
 */
export const once = <T>(make: () => Promise<T> | T): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= Promise.resolve()
      .then(make)
      .catch((error: unknown) => {
        made = undefined;
        throw error;
      });
    return made;
  };
};
