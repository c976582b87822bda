/** `compute`, asked once per object: rows keep their identity until they change, so most answers are still good. */
export function remember<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (object) => {
    let answer = known.get(object);
    if (answer === undefined) {
      answer = { value: compute(object) };
      known.set(object, answer);
    }
    return answer.value;
  };
}
