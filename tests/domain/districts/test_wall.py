def test_tmp(district):
    assert district.pk
