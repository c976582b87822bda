/** No host is open: the layout shows the mesh alone. */
export default function NoHost() {
  return null;
}
