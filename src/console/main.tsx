/**
 * Where the console begins: puts the application into its page. Where the hub's page names a room, its code is on its way already.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './app/console.tsx';
import { fetchRoom } from './app/rooms.tsx';
import './app/page.css';
import './app/print.css';

const entered = document.querySelector<HTMLMetaElement>('meta[name=hub-room]')?.content;
if (entered !== undefined) void fetchRoom(entered);
const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');
createRoot(place).render(<StrictMode><Console /></StrictMode>);
