-- The same masks, cheaper. They still do what src/sharing/mask.ts does (test/query/masks.test.ts).
--
-- Addresses: that a county's part holds no 自治州 is written out as what may follow 自 and 治, instead of looking ahead at every
-- character, which made the search twice as long. All parts are optional, so the pattern is found in every text. Most addresses are
-- of the plain kind that is tried first, in which no character could belong to two parts: there is one way to read it, the same.

CREATE OR REPLACE FUNCTION hub_mask_address_county(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州]))*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州])|自(?:自|治自)*治?)[县区旗市])?') || '****'
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_township(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+省)?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+市)?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+(?:自治)?[县区旗])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]{1,7}[镇乡]') || '****', substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州]))*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州])|自(?:自|治自)*治?)[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)') || '****', hub_mask_address_county(value))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_village(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+省)?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+市)?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]+(?:自治)?[县区旗])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]{1,7}[镇乡][^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治州地道居委会]{1,8}村') || '****', substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州]))*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自]|自(?:自|治自)*(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自治]|治[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿自州])|自(?:自|治自)*治?)[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,8}(?:村|社区|居委会)') || '****', hub_mask_address_township(value))
$$;
--> statement-breakpoint
-- Names: the compound surnames are one text, each with a mark behind it; a list was hashed anew by every statement. Tibetan script
-- has a function of its own that is called instead of being put into the statement (STRICT sees to that): every statement made it
-- ready, and few came to it.
CREATE FUNCTION hub_tibetan_syllable(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(substring(value FROM '^[\u0f40-\u0fbc]{2,7}(?=[^\u0f40-\u0fbc])'), left(value, 1))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_name(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN char_length(value) < 2 OR left(value, 1) = '*' THEN '**'
    WHEN char_length(value) > 2 AND strpos('欧阳|司马|诸葛|上官|皇甫|尉迟|公孙|慕容|夏侯|令狐|司徒|司空|司寇|长孙|宇文|端木|独孤|南宫|万俟|闻人|赫连|澹台|宗政|濮阳|公冶|太叔|申屠|仲孙|钟离|鲜于|闾丘|亓官|颛孙|漆雕|乐正|拓跋|轩辕|呼延|羊舌|淳于|单于|公羊|贺兰|完颜|', left(value, 2) || '|') > 0 THEN left(value, 2) || '**'
    -- ascii() is the code point of the first character: Tibetan letters.
    WHEN ascii(value) BETWEEN 3904 AND 4028 THEN hub_tibetan_syllable(value) || '**'
    ELSE left(value, 1) || '**' END
$$;
