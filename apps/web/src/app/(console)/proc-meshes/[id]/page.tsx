/** No rank is open: the layout shows the proc mesh alone. */
export default function NoProc() {
  return null;
}
