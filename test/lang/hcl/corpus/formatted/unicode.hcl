é       = "é"       # precomposed
größe-1 = 2         # dash
名前      = "値"       # wide
x       = "👩‍💻"       # joined
yy      = "e\u0301" # combining
z       = größe-1 + 名前.属性
b "ü" {
  naïve = ["…", "–"]
}
