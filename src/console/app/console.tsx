/**
 * The application: what everything below needs (language, look, the store of answers, the session), and the gate. Nobody gets into
 * a room who is not signed in, has a one-time password, or is locked; the address stays what it was, so that he arrives
 * where he wanted to be.
 */
import { QueryCache, QueryClient, QueryClientProvider, MutationCache } from '@tanstack/react-query';
import { App, ConfigProvider, Flex, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Problem } from '../api/problem.ts';
import { SessionProvider, meansSignedOut, sessionKey, useStanding } from '../api/session.ts';
import type { Standing } from '../api/session.ts';
import { LanguageProvider, useLanguage } from '../language/language.tsx';
import { ProblemShown } from '../parts/problem.tsx';
import { LockedPage } from './locked.tsx';
import { IdleLock } from './idle.tsx';
import { BrokenPage } from './pages.tsx';
import { askFirst } from './rooms.tsx';
import { OneTimePasswordPage, SignInPage } from './sign-in.tsx';
import { FirstRoom, RoomPage, Shell } from './shell.tsx';
import { theme } from './theme.ts';

/** A refusal is an answer: asking again changes nothing. What did not get through is tried twice more. */
const retry = (count: number, error: unknown): boolean => count < 2 && error instanceof Problem && (error.status === 0 || error.status === 503);

function storeOfAnswers(): QueryClient {
  const lookAgain = (error: Error): void => {
    if (error instanceof Problem && meansSignedOut(error)) void queries.invalidateQueries({ queryKey: sessionKey });
  };
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: lookAgain,
      // As soon as it is known who is signed in: his room asks while the frame around it is made.
      onSuccess: (answer, { queryKey }) => {
        if (queryKey === sessionKey) goAhead(answer as Standing, queries);
      },
    }),
    mutationCache: new MutationCache({ onError: lookAgain }),
    defaultOptions: { queries: { retry, staleTime: 5_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
  });
  return queries;
}

/** Lets the room that the address names ask what it asks first. */
function goAhead(standing: Standing, queries: QueryClient): void {
  const path = location.pathname.split('/')[1] ?? '';
  if (standing.kind === 'in' && !standing.session.locked && !standing.session.mustChangePassword && standing.session.rooms.includes(path)) void askFirst(path, queries);
}

/** The whole of it. */
export function Console(): ReactNode {
  const [queries] = useState(storeOfAnswers);
  return (
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <Look><Gate /></Look>
      </QueryClientProvider>
    </LanguageProvider>
  );
}

function Look({ children }: { readonly children: ReactNode }): ReactNode {
  const { language } = useLanguage();
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en');
  }, [language]);
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <App message={{ maxCount: 3 }} style={{ height: '100%' }}>{children}</App>
    </ConfigProvider>
  );
}

function Gate(): ReactNode {
  const standing = useStanding();
  const [router] = useState(() => createBrowserRouter([{
    path: '/',
    element: <Shell />,
    errorElement: <BrokenPage />,
    children: [{ index: true, element: <FirstRoom /> }, { path: ':room/*', element: <RoomPage />, errorElement: <BrokenPage /> }],
  }]));
  if (standing.data === undefined) {
    return (
      <Flex component="main" align="center" justify="center" style={{ height: '100%', padding: 24 }}>
        {standing.error ? <ProblemShown problem={standing.error} again={() => void standing.refetch()} /> : <Spin size="large" />}
      </Flex>
    );
  }
  if (standing.data.kind === 'out') return <SignInPage ways={standing.data.signIn} />;
  const { session } = standing.data;
  if (session.mustChangePassword) return <OneTimePasswordPage />;
  // The room stays as it is behind the lock, so that nothing half-written is lost; but it is not shown.
  return (
    <SessionProvider value={session}>
      {session.locked && <LockedPage session={session} />}
      <div style={{ height: '100%', display: session.locked ? 'none' : 'block' }}>
        <IdleLock minutes={session.idleMinutes} locked={session.locked} />
        <RouterProvider router={router} />
      </div>
    </SessionProvider>
  );
}
