import { routes, type Attempt } from '@hostmesh/contract';
import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../api/api-error.ts';
import { client, valueOf } from '../api/client.ts';
import { links } from '../links.ts';
import { Button, ButtonLink } from '../ui/button/button.tsx';
import { notify } from '../ui/feedback/notices.tsx';
import { canLeaveOut, canRetry, retryVerb, type RetryKind } from './retry.ts';

/** The one thing to do next: cancel it while it runs, open its mesh, or try again. */
export function AttemptActions(props: {
  attempt: Attempt;
  /** Undefined until it is known which hosts a retry would be for. */
  onRetry: ((only?: RetryKind) => void) | undefined;
}) {
  const { attempt, onRetry } = props;
  const cancel = useMutation<Attempt, ApiError>({
    mutationFn: () => valueOf(client.call(routes.cancelAttempt, { params: { id: attempt.id } })),
    onError: (error) => notify('failed', `The attempt was not cancelled. ${error.message}`),
  });
  if (attempt.state === 'running') {
    return (
      <Button
        look="danger"
        whyDisabled={cancel.isPending ? 'It is being cancelled' : null}
        onClick={() => cancel.mutate()}
      >
        {cancel.isPending ? 'Cancelling' : 'Cancel attempt'}
      </Button>
    );
  }
  const mesh = attempt.meshId !== null && (
    <ButtonLink {...(attempt.state === 'attached' && { look: 'primary' })} href={links.mesh(attempt.meshId)}>
      Open mesh {attempt.mesh}
    </ButtonLink>
  );
  if (!canRetry(attempt)) return mesh || null;
  const { failed, total } = attempt.counts;
  return (
    <>
      {mesh}
      {attempt.kind === 'attach' && (
        <ButtonLink href={links.attach({ from: attempt.id })}>Edit and attach again</ButtonLink>
      )}
      {canLeaveOut(attempt) && (
        <Button
          whyDisabled={onRetry === undefined ? 'Its hosts are not loaded yet' : null}
          onClick={() => onRetry?.('installed')}
        >
          {retryVerb('installed', failed, total)}
        </Button>
      )}
      <Button
        look="primary"
        whyDisabled={onRetry === undefined ? 'Its hosts are not loaded yet' : null}
        onClick={() => onRetry?.()}
      >
        {retryVerb(failed > 0 ? 'failed' : 'all', failed, total)}
      </Button>
    </>
  );
}
