'use client';

import { routes } from '@hostmesh/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { client, valueOf } from '../../api/client.ts';
import { sessionQuery } from '../../api/query-client.ts';
import { Button } from '../../ui/button/button.tsx';
import { useNavigate } from '../../ui/navigation/use-navigate.ts';
import { PageTitle } from '../../ui/page/page-header.tsx';
import { landingOf, codeOfHash } from './landing.ts';
import styles from './sign-in.module.css';

/** Exchanges a token for a session. A link with `#code=…` signs in by itself, once, and the code leaves the URL first. */
export default function SignInPage() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const next = useSearchParams().get('next');
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: (body: { token: string } | { code: string }) => valueOf(client.call(routes.login, { body })),
    onSuccess(session) {
      queries.setQueryData(sessionQuery().queryKey, session);
      navigate.replace(landingOf(next));
    },
  });
  const { mutate } = signIn;
  useEffect(() => {
    const code = codeOfHash(window.location.hash);
    if (window.location.hash !== '')
      window.history.replaceState(null, '', window.location.pathname + window.location.search);
    if (code !== null) mutate({ code });
  }, [mutate]);
  return (
    <main className={styles['page']}>
      <PageTitle>Sign in</PageTitle>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') signIn.mutate({ token: token.trim() });
        }}
      >
        <h1>Sign in to Hostmesh</h1>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          name="token"
          value={token}
          autoComplete="current-password"
          spellCheck={false}
          autoFocus
          maxLength={200}
          aria-invalid={signIn.isError}
          aria-describedby="token-help token-fault"
          onChange={(event) => setToken(event.target.value)}
        />
        <p id="token-help">
          <code>hostmesh sign-in</code> prints a link that signs in, and so does Enter where{' '}
          <code>npm start</code> runs. The admin token is in the file <code>admin-token</code> of the data
          directory.
        </p>
        <p id="token-fault" role="alert" className={styles['fault']}>
          {signIn.isError && faultText(signIn.error, signIn.variables)}
        </p>
        <Button
          type="submit"
          look="primary"
          whyDisabled={
            signIn.isPending ? 'The token is being checked' : token.trim() === '' ? 'Enter a token' : null
          }
        >
          {signIn.isPending ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
    </main>
  );
}

const faultText = (error: ApiError, given: object): string =>
  error.fault.code === 'unauthenticated' && 'token' in given
    ? 'This token is not valid here.'
    : error.message;
