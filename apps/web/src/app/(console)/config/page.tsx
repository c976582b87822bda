/** No key is open: the layout shows the list alone. */
export default function NoKey() {
  return null;
}
