-- The one form in which claimed and stored values are compared (src/query/normal.ts says the same in TypeScript, and a test that both agree):
-- capitals, `·` between the parts of a name, half width, no blanks.
CREATE FUNCTION hub_normal_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(value, U&'abcdefghijklmnopqrstuvwxyz\002E\0387\2022\2024\2027\2219\22C5\2E31\30FB\318D\FF65\FF01\FF02\FF03\FF04\FF05\FF06\FF07\FF08\FF09\FF0A\FF0B\FF0C\FF0D\FF0E\FF0F\FF10\FF11\FF12\FF13\FF14\FF15\FF16\FF17\FF18\FF19\FF1A\FF1B\FF1C\FF1D\FF1E\FF1F\FF20\FF21\FF22\FF23\FF24\FF25\FF26\FF27\FF28\FF29\FF2A\FF2B\FF2C\FF2D\FF2E\FF2F\FF30\FF31\FF32\FF33\FF34\FF35\FF36\FF37\FF38\FF39\FF3A\FF3B\FF3C\FF3D\FF3E\FF3F\FF40\FF41\FF42\FF43\FF44\FF45\FF46\FF47\FF48\FF49\FF4A\FF4B\FF4C\FF4D\FF4E\FF4F\FF50\FF51\FF52\FF53\FF54\FF55\FF56\FF57\FF58\FF59\FF5A\FF5B\FF5C\FF5D\FF5E\0009\000A\000B\000C\000D\0020\00A0\1680\180E\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\200B\200C\200D\2028\2029\202F\205F\2060\3000\FEFF', U&'ABCDEFGHIJKLMNOPQRSTUVWXYZ\00B7\00B7\00B7\00B7\00B7\00B7\00B7\00B7\00B7\00B7\00B7\0021\0022\0023\0024\0025\0026\0027\0028\0029\002A\002B\002C\002D\00B7\002F0123456789\003A\003B\003C\003D\003E\003F\0040ABCDEFGHIJKLMNOPQRSTUVWXYZ\005B\005C\005D\005E\005F\0060ABCDEFGHIJKLMNOPQRSTUVWXYZ\007B\007C\007D\007E')
$$;
--> statement-breakpoint
-- An identity number of 15 digits (before 1999) as the one of 18 that replaced it: century 19, check digit of GB 11643 (the century's own part of the sum is 11, which is nothing modulo 11).
CREATE FUNCTION hub_normal_long_id_number(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN value ~ '^[0-9]{15}$' THEN left(value, 6) || '19' || substr(value, 7) || substr('10X98765432', 1 + (
    7 * substr(value, 1, 1)::integer + 9 * substr(value, 2, 1)::integer + 10 * substr(value, 3, 1)::integer + 5 * substr(value, 4, 1)::integer + 8 * substr(value, 5, 1)::integer + 4 * substr(value, 6, 1)::integer + 6 * substr(value, 7, 1)::integer + 3 * substr(value, 8, 1)::integer + 7 * substr(value, 9, 1)::integer + 9 * substr(value, 10, 1)::integer + 10 * substr(value, 11, 1)::integer + 5 * substr(value, 12, 1)::integer + 8 * substr(value, 13, 1)::integer + 4 * substr(value, 14, 1)::integer + 2 * substr(value, 15, 1)::integer) % 11, 1) ELSE value END
$$;
--> statement-breakpoint
CREATE FUNCTION hub_normal_id_number(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT hub_normal_long_id_number(hub_normal_text(value))
$$;
