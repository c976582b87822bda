import { KeyPanel } from '../../../../config/key-panel.tsx';

export default async function KeyPage(props: { params: Promise<{ key: string }> }) {
  const { key } = await props.params;
  return <KeyPanel name={decodeURIComponent(key)} />;
}
